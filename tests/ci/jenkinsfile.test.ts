import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { Run } from "../app-scripts/host";
import { Agent, commandsOf } from "./agent";
import { type Outcome, readJenkinsfile } from "./jenkinsfile";

const text = readFileSync("Jenkinsfile", "utf8");
const { environment, stages, gapless } = readJenkinsfile();
const roleArn = "arn:aws:iam::111122223333:role/web-ci";

/** Runs the job as Jenkins does: `sh` prints each command and hands the exit code over. */
function runJob(direct: boolean, body = ""): { readonly outcomes: readonly Outcome[]; readonly run: Run } {
    using agent = new Agent(`echo "$GAPLESS_STACK $GAPLESS_ROLE_ARN" >"$HOST/seen"; ${body}`);
    const env = Object.fromEntries(Object.entries(environment).map(([name, value]) => [
        name, value.replace("gapless-${params.STACK}-role", roleArn).replace("${params.STACK}", "prod-eu"),
    ]));
    const runs: Run[] = [];
    const outcomes = stages.filter(({ when }) => (when === "params.DIRECT") === direct).map(({ words }) => gapless(words, script => {
        runs.push(agent.shell(["sh", "-xe"], script, env));
        return runs.at(-1)?.code ?? -1;
    }));
    assert.equal(agent.read("seen"), `prod-eu ${roleArn}\n`);
    const [run, ...more] = runs;
    assert.ok(run && more.length === 0, `${runs.length} runs`);
    return { outcomes, run };
}

describe("Jenkinsfile", () => {
    it("runs one build at a time, and gives up half an hour after ./gapless has, which builds before it waits", () => {
        assert.match(text, /^ {8}disableConcurrentBuilds\(\)$/m);
        const minutes = Number(/timeout\(time: (\d+), unit: 'MINUTES'\)/.exec(text)?.[1]);
        assert.ok(minutes >= Number(environment["GAPLESS_WAIT_MINUTES"]) + 30, `${minutes} minutes`);
    });

    it("lets a person choose stack and way", () => {
        assert.match(text, /choice\(name: 'STACK', choices: \['dev', 'stg', 'prod'\]/);
        assert.match(text, /booleanParam\(name: 'DIRECT', defaultValue: false/);
        assert.deepEqual(stages.map(({ name, when }) => [name, when]), [["Release", "!params.DIRECT"], ["Deployment", "params.DIRECT"]]);
    });

    it("acts as the role that the stack's own credential names", () => {
        assert.match(text, /^ {8}GAPLESS_ROLE_ARN = credentials\("gapless-\$\{params\.STACK\}-role"\)$/m);
    });

    it("has what a person chose in its environment, since parameters are no variables in a job's first run", () => {
        assert.equal(environment["GAPLESS_STACK"], "${params.STACK}");
        const used = stages.map(({ words }) => words).join("\n").matchAll(/\$\{?(\w+)/g);
        assert.deepEqual([...used].map(([, name = ""]) => name).filter(name => !(name in environment)), []);
    });

    for (const [direct, command] of [[false, "deploy prod-eu --wait 120"], [true, "deploy prod-eu --direct --wait 120"]] as const) {
        it(`calls ./gapless ${command} and succeeds with it`, () => {
            const { outcomes, run } = runJob(direct);
            assert.deepEqual([outcomes, commandsOf(run)], [[{ result: "SUCCESS" }], [command]]);
        });
    }

    for (const [code, outcome] of [
        [1, { result: "FAILURE", message: "./gapless ended with exit code 1. The last lines above say why." }],
        [2, { result: "FAILURE", message: "./gapless ended with exit code 2. The last lines above say why." }],
        [3, { result: "FAILURE", message: "The new version failed and was rolled back: the one before serves." }],
        [4, { result: "UNSTABLE", message: "A person is needed. The last lines above say for what." }],
        [130, { result: "FAILURE", message: "./gapless ended with exit code 130. The last lines above say why." }],
    ] as const) {
        it(`is ${outcome.result} when ./gapless ends with ${code}`, () => {
            for (const direct of [false, true]) assert.deepEqual(runJob(direct, `exit ${code}`).outcomes, [outcome]);
        });
    }

    it("shows the command that it runs, and no secret with it", () => {
        assert.match(runJob(false).run.output, /^\+ \.\/gapless deploy prod-eu --wait 120$/m);
    });
});

describe("reader of the Jenkinsfile", () => {
    for (const [what, from, to] of [
        ["a step of the shell", "gapless('deploy \"$GAPLESS_STACK\" --wait", "sh('aws --wait"],
        ["a second step in a stage", "steps {\n                gapless", "steps {\n                echo 'x'\n                gapless"],
        ["a step that takes values into its text", "gapless('deploy", "gapless(\"deploy"],
        ["no word of the exit code", ", returnStatus: true)", ")"],
    ] as const) {
        it(`refuses ${what}`, () => {
            assert.ok(text.includes(from), from);
            assert.throws(() => readJenkinsfile(text.replace(from, to)).gapless("x", () => 0));
        });
    }
});
