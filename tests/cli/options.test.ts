import assert from "node:assert/strict";
import { makeProgram } from "../../cli/program";
import { type BundleWords, toBundleOptions } from "../../cli/words/recipe";
import { type RehearseWords, toOptions } from "../../cli/words/rehearse";
import type { RehearsalOptions } from "../../rehearsal/options";

/** What `./gapless rehearse` would be asked for by these words; nothing runs. */
async function optionsOf(...words: readonly string[]): Promise<RehearsalOptions> {
    let options: RehearsalOptions | undefined;
    const program = makeProgram(() => assert.fail("it ran"));
    const rehearse = program.commands.find(command => command.name() === "rehearse");
    rehearse?.action((stage: string, parsed: RehearseWords) => { options = toOptions(stage, parsed); });
    await program.parseAsync(["rehearse", ...words], { from: "user" });
    return options ?? assert.fail("no command ran");
}

const plain: RehearsalOptions = {
    stage: "dev", ratePerSecond: 200, timeScale: 0.1, draining: true, release: "good", keep: false, port: 0, budget: 0, seed: 1,
};

describe("words of ./gapless rehearse", () => {
    it("may be left out: stage dev at a tenth of the waits, with draining, 200 requests a second and none to lose", async () => {
        assert.deepEqual(await optionsOf(), plain);
    });

    for (const [words, change] of [
        ["stg", { stage: "stg" }],
        ["prod --rate 50", { stage: "prod", ratePerSecond: 50 }],
        ["--instances 6", { instances: 6 }],
        ["--real-time", { timeScale: 1 }],
        ["--without-draining", { draining: false }],
        ["--release broken", { release: "broken" }],
        ["--release failing", { release: "failing" }],
        ["--keep", { keep: true }],
        ["--port 8000", { port: 8000 }],
        ["--budget 3", { budget: 3 }],
        ["--seed 0", { seed: 0 }],
        ["--json", {}],
    ] as const) {
        it(`mean, as '${words}', ${JSON.stringify(change)}`, async () => {
            assert.deepEqual(await optionsOf(...words.split(" ")), { ...plain, ...change });
        });
    }
});

describe("words of ./gapless bundle", () => {
    const image = `registry.test/app@sha256:${"a".repeat(64)}`;

    for (const [words, options] of [
        [["prod", "--folder", "release"], { stack: "prod", image: undefined, target: { folder: "release" } }],
        [["dev", "--zip", "release.zip", "--image", image], { stack: "dev", image, target: { zip: "release.zip" } }],
    ] as const) {
        it(`mean, as '${words.slice(0, 3).join(" ")}', what they say`, async () => {
            const program = makeProgram(() => assert.fail("it ran"));
            let seen: unknown;
            const bundle = program.commands.find(command => command.name() === "bundle");
            bundle?.action((stack: string, parsed: BundleWords) => { seen = toBundleOptions(stack, parsed); });
            await program.parseAsync(["bundle", ...words], { from: "user" });
            assert.deepEqual(seen, options);
        });
    }
});
