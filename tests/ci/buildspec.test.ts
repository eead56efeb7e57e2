import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { Run } from "../app-scripts/host";
import { Agent, commandsOf, published } from "./agent";
import { asCodeBuild, readBuildspec } from "./buildspec";

const stages = ["dev", "stg", "prod"] as const;
const publishes = `case $1 in publish) echo '${JSON.stringify(published, undefined, 2)}' ;; esac`;

/** Runs a build as CodeBuild does, with the variables of the build project; `exported` is what it leaves for the pipeline. */
function runBuild(gapless: string, env: Readonly<Record<string, string>> = {}): Run & { readonly exported: string } {
    using agent = new Agent(gapless);
    const run = agent.shell(["bash"], asCodeBuild(readBuildspec("prod")), { GAPLESS_STACK: "prod", EXPORTED: `${agent.folder}/exported`, ...env });
    return { ...run, exported: agent.has("exported") ? agent.read("exported") : "" };
}

describe("buildspec", () => {
    it("is the same for each stage but for its name", () => {
        for (const stage of stages) {
            const text = readFileSync(`app-scripts/buildspec.${stage}.yml`, "utf8");
            assert.equal(text.replaceAll(`stage ${stage};`, "stage dev;").replaceAll(`stage ${stage}.`, "stage dev."), readFileSync("app-scripts/buildspec.dev.yml", "utf8"));
        }
    });

    it("publishes the whole release folder as its artifact and caches npm's packages", () => {
        const { artifacts, cache, phases } = readBuildspec("prod");
        assert.deepEqual(artifacts, { name: "release", "base-directory": ".gapless/release", files: ["**/*"] });
        assert.deepEqual(cache.paths, ["/root/.npm/**/*"]);
        assert.deepEqual(phases.install["runtime-versions"], { nodejs: 22 });
    });

    it("publishes the release, leaves it in a folder, and exports the version of the object that the deploy pipeline starts with", () => {
        const run = runBuild(publishes);
        assert.equal(run.code, 0, run.output);
        assert.deepEqual(commandsOf(run), ["--help", "publish prod --json", `bundle prod --image ${published.image} --folder .gapless/release`]);
        assert.equal(run.exported, `GAPLESS_OBJECT_VERSION=${published.objectVersion}\n`);
    });

    it("shows in the build's log what was published", () => {
        assert.deepEqual(JSON.parse(runBuild(publishes).output), published);
    });

    it("writes nothing into the clone before its content is hashed", () => {
        const run = runBuild(`[ "$1" != publish ] || ls -A >"$HOST/calls"; ${publishes}`);
        assert.deepEqual(run.calls.slice(0, 1), ["gapless"]);
    });

    it("builds the stack of its project, whatever it is called", () => {
        assert.deepEqual(commandsOf(runBuild(publishes, { GAPLESS_STACK: "prod eu" })).map(command => command.replace(/--.*/, "")), ["", "publish prod eu ", "bundle prod eu "]);
    });

    for (const [what, gapless, commands] of [
        ["packages cannot be installed", "exit 1", ["--help"]],
        ["nothing could be published", `[ "$1" != publish ] || exit 4; ${publishes}`, ["--help", "publish"]],
        ["no folder could be written", `[ "$1" != bundle ] || exit 2; ${publishes}`, ["--help", "publish", "bundle"]],
    ] as const) {
        it(`fails at once, and exports nothing, when ${what}`, () => {
            const run = runBuild(gapless);
            assert.equal(run.code, 1);
            assert.deepEqual([commandsOf(run).map(command => command.split(" ")[0]), run.exported], [commands, ""]);
        });
    }
});
