import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { makeProgram } from "../../../cli/program";
import { type RehearseWords, toOptions } from "../../../cli/words/rehearse";
import type { RehearsalOptions } from "../../../rehearsal/options";
import { reproduceCommand } from "../../../rehearsal/report/reproduce";
import { sampleOptions } from "../sample-facts";

describe("the command that repeats a rehearsal", () => {
    it("says the seed, and nothing that goes without saying", () => {
        assert.equal(reproduceCommand(sampleOptions({ seed: 5 })), "./gapless rehearse dev --seed 5");
    });

    it("says settings as a shell takes them", () => {
        const { settings } = { settings: { environment: '{"A":"it\'s b\'s"}', slowPath: "", containerPort: "3000" } };
        assert.equal(
            reproduceCommand(sampleOptions({ settings })),
            `./gapless rehearse dev --set 'environment={"A":"it'\\''s b'\\''s"}' --set slowPath= --set containerPort=3000 --seed 1`,
        );
    });

    it("asks for the same again, but for the port and for what is kept", async () => {
        await fc.assert(fc.asyncProperty(anyOptions, async options => {
            assert.deepEqual(await optionsOf(reproduceCommand(options)), { ...options, keep: false, port: 0 });
        }), { numRuns: 30 });
    });
});

const anyOptions: fc.Arbitrary<RehearsalOptions> = fc.record({
    stage: fc.constantFrom("dev", "stg", "prod"),
    strategy: fc.constantFrom("rolling" as const, "blueGreen" as const),
    image: fc.constantFrom("shop:dev", "registry.example.com:5000/shop@sha256:0a"),
    settings: fc.dictionary(fc.constantFrom("slowPath", "environment"), fc.string(), { minKeys: 1, noNullPrototype: true }),
    shiftPercents: fc.constantFrom([100], [10, 50, 100]),
    bakeSeconds: fc.integer({ min: 0, max: 600 }),
    ratePerSecond: fc.integer({ min: 1, max: 2000 }),
    instances: fc.integer({ min: 1, max: 32 }),
    timeScale: fc.constantFrom(0.1, 1),
    draining: fc.constant(true),
    release: fc.constantFrom("good" as const, "broken" as const, "failing" as const),
    keep: fc.boolean(),
    port: fc.integer({ min: 0, max: 65535 }),
    budget: fc.nat(1000),
    seed: fc.nat(1000),
}, { requiredKeys: ["stage", "ratePerSecond", "timeScale", "draining", "release", "keep", "port", "budget", "seed"] })
    .chain(options => fc.boolean().map(draining => (draining || "shiftPercents" in options || "bakeSeconds" in options ? options : { ...options, draining })));

/** What a command line asks for, in the words that a shell makes of it; nothing runs. */
async function optionsOf(line: string): Promise<RehearsalOptions> {
    let options: RehearsalOptions | undefined;
    const program = makeProgram(() => assert.fail("it ran"));
    program.commands.find(command => command.name() === "rehearse")
        ?.action((stage: string, words: RehearseWords) => { options = toOptions(stage, words); });
    const words = execFileSync("sh", ["-c", `printf '%s\\0' ${line}`], { encoding: "utf8" }).split("\0").slice(1, -1);
    await program.parseAsync(words, { from: "user" });
    return options ?? assert.fail("no command ran");
}
