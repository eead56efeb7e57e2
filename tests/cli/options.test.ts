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
        ["--strategy blueGreen", { strategy: "blueGreen" }],
        ["--strategy rolling", { strategy: "rolling" }],
        ["--image shop:dev", { image: "shop:dev" }],
        ["--set containerPort=3000 --set gapless:healthPath=/up?a=b", { settings: { containerPort: "3000", healthPath: "/up?a=b" } }],
        ['--set environment={"A":"b=c"} --set slowPath=', { settings: { environment: '{"A":"b=c"}', slowPath: "" } }],
        ["--shift 10,50,100 --bake 20s", { shiftPercents: [10, 50, 100], bakeSeconds: 20 }],
        ["--bake 0s", { bakeSeconds: 0 }],
        ["--fault scale-out", {}],
        ["--fault scale-out,green-dies", {}],
        ["--faults all --instances 3", { instances: 3 }],
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

    for (const word of ["containerPort", "=3000", "container port=3000", "aws:region=eu-west-1"]) {
        it(`do not take '${word}' for a setting and its value`, async () => {
            await assert.rejects(optionsOf("--set", word), /It must be a setting and its value, such as containerPort=3000/);
        });
    }
});

describe("words of ./gapless bundle", () => {
    const image = `registry.test/app@sha256:${"a".repeat(64)}`;

    for (const [words, options] of [
        [["prod", "--folder", "release"], { stack: "prod", image: undefined, target: { folder: "/here/release" } }],
        [["dev", "--zip", "release.zip", "--image", image], { stack: "dev", image, target: { zip: "/here/release.zip" } }],
    ] as const) {
        it(`mean, as '${words.slice(0, 3).join(" ")}', what they say`, async () => {
            const program = makeProgram(() => assert.fail("it ran"));
            let seen: unknown;
            const bundle = program.commands.find(command => command.name() === "bundle");
            bundle?.action((stack: string, parsed: BundleWords) => { seen = toBundleOptions(stack, parsed, "/here"); });
            await program.parseAsync(["bundle", ...words], { from: "user" });
            assert.deepEqual(seen, options);
        });
    }
});

describe("words of the commands on a stack", () => {
    const image = `registry.test/app@sha256:${"a".repeat(64)}`;
    const wait = 60;

    /** What a command would get; nothing runs. */
    async function wordsOf(...words: readonly string[]): Promise<object> {
        const seen: object[] = [];
        await makeProgram(words => Promise.resolve(void seen.push(words))).parseAsync(words, { from: "user" });
        assert.equal(seen.length, 1);
        return { ...seen[0] };
    }

    for (const [line, words] of [
        ["doctor dev", {}],
        ["doctor dev --backend file://~ --json", { backend: "file://~", json: true }],
        ["preview dev", {}],
        ["preview dev --markdown out.md --expect-no-changes --backend s3://state --json", { markdown: "out.md", expectNoChanges: true, backend: "s3://state", json: true }],
        ["up dev", { wait }],
        ["up dev --yes --wait 5 --backend s3://state --json", { yes: true, wait: 5, backend: "s3://state", json: true }],
        ["refresh dev", { wait }],
        ["refresh dev --yes --wait 0 --json", { yes: true, wait: 0, json: true }],
        ["outputs dev --show-secrets --json", { showSecrets: true, json: true }],
        ["unlock dev --force --json", { force: true, json: true }],
        ["destroy dev", { wait }],
        ["destroy dev --yes dev --wait 1 --json", { yes: "dev", wait: 1, json: true }],
        ["publish dev", {}],
        [`publish dev --image ${image} --json`, { image, json: true }],
        ["deploy dev", { wait }],
        [`deploy dev --image ${image} --direct --backend s3://state --yes --wait 5 --json`, { image, direct: true, backend: "s3://state", yes: true, wait: 5, json: true }],
        ["promote stg prod", { wait }],
        ["promote stg prod --wait 5 --json", { wait: 5, json: true }],
        ["roll dev 0123456789ab --wait 5 --json", { wait: 5, json: true }],
        ["rollback dev", { wait }],
        ["rollback dev --to 7 --wait 5 --json", { to: 7, wait: 5, json: true }],
        ["rollback dev --to 0123456789ab", { to: "0123456789ab", wait }],
        ["rollback dev --to 012345678901", { to: "012345678901", wait }],
        ["abort dev --wait 5 --json", { wait: 5, json: true }],
        ["status dev --json", { json: true }],
        ["history dev", { limit: 20 }],
        ["history dev --limit 500 --show 7 --json", { limit: 500, show: 7, json: true }],
        ["logs dev", { since: 600, printsItself: true }],
        ["logs dev --since 2h --instance i-1 --filter error --follow --json", { since: 7200, instance: "i-1", filter: "error", follow: true, json: true, printsItself: true }],
        ["refresh-instances dev --wait 5 --json", { wait: 5, json: true }],
    ] as const) {
        it(`mean what they say: ${line.replace(image, "IMAGE")}`, async () => { assert.deepEqual(await wordsOf(...line.split(" ")), words); });
    }

    for (const [line, message] of [
        ["roll dev latest", /12 hex digits/],
        ["rollback dev --to 0", /a number from 1, or a version/],
        ["logs dev --since 10", /such as 90s, 10m, 2h or 1d/],
        ["up dev --wait soon", /whole number from 0 to 10080/],
        ["history dev --limit 501", /whole number from 1 to 500/],
    ] as const) {
        it(`are refused when nobody could mean them: ${line}`, async () => {
            const program = makeProgram(() => assert.fail("it ran"));
            for (const command of program.commands) command.configureOutput({ writeErr: () => undefined });
            await assert.rejects(program.parseAsync(line.split(" "), { from: "user" }), message);
        });
    }

    it("include --json for every command but those that print something else", () => {
        const without = makeProgram(() => assert.fail("it ran")).commands.filter(command => !command.options.some(({ long }) => long === "--json"));
        assert.deepEqual(without.map(command => command.name()), ["test", "recipe", "bundle"]);
    });
});
