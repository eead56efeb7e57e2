import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { callsOf, CiHost, type CiRun, digest, image } from "./ci-host";
import { asCodeBuild, readBuildspec } from "./ci-systems";

const stages = ["dev", "stg", "prod"] as const;
const answers = {
    "ecr get-login-password": "echo ecr-secret", "ecr describe-images": `echo ${digest}`, "ecr batch-get-image": "printf 'application/json\\t{}\\n'",
    "s3api put-object": "printf 'v1\\t\"etag\"\\n'",
};
const answersOfGapless = {
    recipe: 'echo \'{"image":{"context":"app","dockerfile":"app/Dockerfile","args":{},"platform":"linux/amd64","tag":"build-abc"}}\'',
    bundle: 'case $5 in --folder) mkdir -p "$6" ;; *) echo zip >"$6" ;; esac; echo 0123456789ab',
};

/** Runs a build as CodeBuild does, with the variables of the build project. */
function runBuild(host: CiHost, stage: string, env: Record<string, string> = {}): CiRun {
    host.answer("docker", { login: "cat >/dev/null" });
    host.stub("test", '[ "$@" ]');
    host.write("project/app-scripts/ci/build.sh", `#!/bin/bash\n${asCodeBuild(readBuildspec(stage))}\n`);
    return host.script("build", [], { GAPLESS_STACK: stage, GAPLESS_BUILD_BUCKET: "build-bucket", CODEBUILD_BUILD_ID: "web:1-2", ...env });
}

function agent(aws: Readonly<Record<string, string>> = {}, gapless: Readonly<Record<string, string>> = {}): CiHost {
    const host = new CiHost();
    host.answer("aws", { ...answers, ...aws });
    host.gapless({ ...answersOfGapless, ...gapless });
    return host;
}

describe("buildspec", () => {
    it("is the same for each stage but for its name", () => {
        for (const stage of stages) {
            const text = readFileSync(`app-scripts/buildspec.${stage}.yml`, "utf8");
            assert.equal(text.replaceAll(`stage ${stage};`, "stage dev;"), readFileSync("app-scripts/buildspec.dev.yml", "utf8"));
        }
    });

    it("publishes the whole release folder as its artifact and caches npm's packages", () => {
        const { artifacts, cache, phases } = readBuildspec("prod");
        assert.deepEqual(artifacts, { name: "release", "base-directory": ".gapless/release", files: ["**/*"] });
        assert.deepEqual(cache.paths, ["/root/.npm/**/*"]);
        assert.deepEqual(phases.install["runtime-versions"], { nodejs: 22 });
    });

    it("logs in, finds or builds the image, writes the release, copies it, and publishes it last", () => {
        using host = agent();
        const run = runBuild(host, "prod");
        assert.equal(run.code, 0, run.output);
        const story = run.calls.flatMap(call => /^gapless (?:--help|recipe \w+|bundle \w+ --image \S+ --folder \S+)|docker login|aws s3 cp .*|(?<=--key )\S+/.exec(call)?.[0] ?? []);
        assert.deepEqual(story, [
            "gapless --help", "docker login", "gapless recipe prod", `gapless bundle prod --image ${image} --folder .gapless/release`,
            "aws s3 cp --recursive --no-progress .gapless/release s3://build-bucket/build/web:1-2/", "releases/0123456789ab.zip", "releases/current.zip",
        ]);
    });

    it("builds the stack of its project, whatever it is called", () => {
        using host = agent();
        assert.deepEqual(callsOf(runBuild(host, "prod", { GAPLESS_STACK: "prod-eu" }), "gapless").map(call => call.split(" ").slice(1, 3).join(" ")), [
            "--help", "recipe prod-eu", "bundle prod-eu", "bundle prod-eu",
        ]);
    });

    it("builds no stack when its project names none", () => {
        using host = agent();
        const run = runBuild(host, "prod", { GAPLESS_STACK: "" });
        assert.notEqual(run.code, 0);
        assert.match(run.output, /Usage: build-image\.sh STACK/);
        assert.deepEqual(callsOf(run, "aws s3"), []);
    });

    it("leaves the sources as they are, whose bits a clone keeps", () => {
        using host = agent();
        host.write("project/app-scripts/scripts/run.sh", "#!/bin/bash\n");
        assert.equal(runBuild(host, "prod").code, 0);
        assert.ok(!host.isExecutable("project/app-scripts/scripts/run.sh"));
    });

    for (const [what, aws, gapless] of [
        ["nobody may log in", { "ecr get-login-password": "exit 254" }, {}],
        ["the image does not build", { "ecr describe-images": "exit 254" }, {}],
        ["no release can be made", {}, { bundle: "exit 2" }],
        ["the copy fails", { "s3 cp": "exit 1" }, {}],
    ] as const) {
        it(`fails, and publishes nothing, when ${what}`, () => {
            using host = agent(aws, gapless);
            const run = runBuild(host, "prod");
            assert.notEqual(run.code, 0);
            assert.deepEqual(callsOf(run, "aws s3").map(call => call.split(" ").slice(1, 3).join(" ")), what === "the copy fails" ? ["s3 cp"] : []);
        });
    }

    it("prints no secret", () => {
        using host = agent();
        const run = runBuild(host, "prod", { DOCKER_HUB_USERNAME: "acme", DOCKER_HUB_PASSWORD: "hub-secret" });
        assert.equal(callsOf(run, "docker login").length, 2);
        assert.doesNotMatch([run.output, run.result, ...run.calls].join("\n"), /secret/);
    });
});
