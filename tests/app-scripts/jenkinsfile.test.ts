import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { callsOf, CiHost, type CiRun, digest, repository } from "./ci-host";
import { readJenkinsfile } from "./ci-systems";

const text = readFileSync("Jenkinsfile", "utf8");
const { environment, stages, always } = readJenkinsfile();
const execution = "11111111-2222-3333-4444-555555555555";

const answers = {
    "sts get-caller-identity": "echo arn:aws:sts::111122223333:assumed-role/web-ci/gapless-7",
    "ecr get-login-password": "echo ecr-secret",
    "ecr describe-images": `echo ${digest}`,
    "ecr batch-get-image": "printf 'application/json\\t{}\\n'",
    "s3api put-object": "printf 'v1\\t\"etag\"\\n'",
    "codepipeline list-pipeline-executions": `echo ${execution} ${execution}`,
    "codepipeline get-pipeline-execution": "echo Succeeded",
    "codepipeline list-action-executions": "printf '[]'",
    "deploy create-deployment": "echo d-1",
    "deploy get-deployment": "echo Succeeded",
};

/** Runs the job as Jenkins does: each step in a shell of its own that prints its commands, and none after one that failed. */
function runJob(direct: boolean, aws: Readonly<Record<string, string>> = {}): CiRun {
    const host = new CiHost();
    using _ = host;
    host.answer("aws", Object.fromEntries(Object.entries({ ...answers, ...aws }).map(([words, body]) => [`--profile gapless ${words}`, body])));
    host.answer("docker", { login: "cat >/dev/null" });
    host.gapless({
        recipe: 'echo \'{"image":{"context":"app","dockerfile":"app/Dockerfile","args":{},"platform":"linux/amd64","tag":"build-abc"}}\'',
        bundle: 'echo zip >"${@: -1}"; echo 0123456789ab',
    });
    const running = stages.filter(({ when }) => when === undefined || (when === "params.DIRECT") === direct);
    const steps = [...running.flatMap(stage => stage.steps)].map(step => `sh -xe -c '${step}' || { code=$?; break; }`);
    host.write("project/app-scripts/ci/job.sh", [
        "#!/bin/bash", "code=0; while true; do", ...steps, "break; done", ...always.map(step => `sh -xe -c '${step}'`), 'exit "$code"',
    ].join("\n"));
    const paths = Object.entries(environment).map(([name, value]) => [name, value.replace("${WORKSPACE_TMP}", `${host.folder}/tmp`).replace("${params.STACK}", "prod")] as const);
    const outputs = host.write("outputs.json", JSON.stringify({
        repository, releaseBucket: "releases-bucket", pipeline: "web-deploy", region: "eu-central-1", ciRole: "arn:aws:iam::111122223333:role/web-ci",
        codeDeployApplication: "web", deploymentGroup: "prod",
    }));
    const unset = Object.fromEntries(["REPOSITORY", "RELEASE_BUCKET", "PIPELINE", "APPLICATION", "DEPLOYMENT_GROUP"].map(name => [`GAPLESS_${name}`, ""]));
    const run = host.script("job", [], {
        ...unset, ...Object.fromEntries(paths), GAPLESS_OUTPUTS: outputs, WORKSPACE_TMP: `${host.folder}/tmp`,
    });
    assert.ok(!host.has("tmp/aws/config") && !host.has("tmp/docker"), "logins stay on the agent");
    return run;
}

const deployed = (run: CiRun) => callsOf(run, "aws").filter(call => /create-deployment|current\.zip/.test(call)).map(call => /create-deployment|current\.zip/.exec(call)?.[0]);

describe("Jenkinsfile", () => {
    it("runs one build at a time, and gives up after its own scripts would have", () => {
        assert.match(text, /^ {8}disableConcurrentBuilds\(\)$/m);
        const minutes = Number(/timeout\(time: (\d+), unit: 'MINUTES'\)/.exec(text)?.[1]);
        assert.ok(minutes > Number(environment["GAPLESS_WAIT_MINUTES"]), `${minutes} minutes`);
    });

    it("lets a person choose stack and way", () => {
        assert.match(text, /choice\(name: 'STACK', choices: \['dev', 'stg', 'prod'\]/);
        assert.match(text, /booleanParam\(name: 'DIRECT', defaultValue: false/);
        assert.deepEqual(stages.map(({ name, when }) => [name, when]), [["Image", undefined], ["Release", "!params.DIRECT"], ["Deployment", "params.DIRECT"]]);
        assert.equal(environment["GAPLESS_OUTPUTS"], "gapless-${params.STACK}");
    });

    it("has what a person chose in its environment, since parameters are no variables in a job's first run", () => {
        assert.equal(environment["GAPLESS_STACK"], "${params.STACK}");
        const used = [...stages.flatMap(stage => stage.steps), ...always].join("\n").matchAll(/\$\{?(\w+)/g);
        const known = [...Object.keys(environment), "WORKSPACE_TMP"];
        assert.deepEqual([...used].map(([, name]) => name).filter(name => !known.includes(name ?? "")), []);
    });

    it("uses the project's scripts alone, whose failure nothing hides, and no plugin's step", () => {
        const steps = stages.flatMap(stage => stage.steps);
        assert.ok(steps.every(step => /^app-scripts\/ci\/[a-z-]+\.sh\b[^|;&]*$/.test(step)), steps.join("\n"));
    });

    it("publishes the release and succeeds with the pipeline", () => {
        const run = runJob(false);
        assert.equal(run.code, 0, run.output);
        assert.deepEqual(deployed(run), ["current.zip"]);
        assert.ok(callsOf(run, "aws --profile gapless codepipeline").some(call => call.includes(`--pipeline-execution-id ${execution}`)));
    });

    it("deploys directly when it is told to", () => {
        const run = runJob(true);
        assert.equal(run.code, 0, run.output);
        assert.deepEqual(deployed(run), ["create-deployment"]);
    });

    for (const [what, direct, aws] of [
        ["the pipeline fails", false, { "codepipeline get-pipeline-execution": "echo Failed" }],
        ["the deployment is stopped", true, { "deploy get-deployment": "echo Stopped" }],
        ["the role cannot be assumed", false, { "sts get-caller-identity": "exit 254" }],
        ["the registry does not answer", false, { "ecr describe-images": "exit 254" }],
    ] as const) {
        it(`fails when ${what}`, () => {
            const run = runJob(direct, aws);
            assert.notEqual(run.code, 0, run.output);
            if (!/fails$|stopped/.test(what)) assert.deepEqual(deployed(run), []);
        });
    }

    it("prints no secret, although Jenkins prints every command", () => {
        const { output, calls } = runJob(false);
        assert.match(output, /^\+ app-scripts\/ci\/log-in\.sh$/m);
        assert.doesNotMatch([output, ...calls].join("\n"), /secret/);
    });
});
