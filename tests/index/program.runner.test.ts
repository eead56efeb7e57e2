import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "mocha";
import { recordProgram } from "../../rehearsal/program/read-program";
import { readStackConfig } from "../../rehearsal/program/stack-config";
import { runProgram } from "../support/run-program";

const root = join(import.meta.dirname, "../..");

/** An address that Node imports code from. */
const importable = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`;

// Ends a process that loads the type-checking runner which Pulumi takes by default: types are not checked at every start.
const withoutTypeChecks = importable(`
    import { Module } from "node:module";
    const load = Module._load;
    Module._load = function (request, ...rest) {
        if (request.includes("ts-node")) { console.error("loads " + request); process.exit(9); }
        return load.call(this, request, ...rest);
    };
`);

// Lets the program meet an error that nobody has foreseen.
const withoutBootScript = importable(`
    import fs from "node:fs";
    import { syncBuiltinESMExports } from "node:module";
    const { readFileSync } = fs;
    fs.readFileSync = (path, ...rest) => {
        if (String(path).endsWith("instance-boot.sh")) throw new Error("unforeseen");
        return readFileSync(path, ...rest);
    };
    syncBuiltinESMExports();
`);

// Each run starts a process that loads Pulumi and the AWS SDK, so a stage runs once for all tests.
const runs = new Map<string, ReturnType<typeof runProgram>>();
function runStage(stage: string): ReturnType<typeof runProgram> {
    const run = runs.get(stage) ?? runProgram(stage, readStackConfig(root, stage), { NODE_OPTIONS: `--import ${withoutTypeChecks}` });
    runs.set(stage, run);
    return run;
}

describe("the program under Pulumi's own runner", function () {
    this.timeout(60_000);

    const told: Readonly<Record<string, readonly RegExp[]>> = {
        dev: [],
        stg: [/^warning: gapless:certificateArn should be set in stg: the service is HTTP ONLY/],
        prod: [/^warning: gapless:certificateArn should be set in prod: the service is HTTP ONLY/, /^warning: aws:allowedAccountIds should name the account of prod/],
    };
    for (const [stage, messages] of Object.entries(told)) {
        it(`describes ${stage} without a type check, and tells its user ${messages.length === 0 ? "nothing else" : "what it lacks"}`, async () => {
            const { exitCode, engine, printed } = await runStage(stage);
            assert.equal(exitCode, 0, [printed, ...engine.messages].join("\n"));
            assert.equal(engine.messages.length, messages.length, engine.messages.join("\n"));
            messages.forEach((expected, index) => { assert.match(engine.messages[index] ?? "", expected); });
            assert.equal(engine.outputs["deploymentGroup"], stage);
        });
    }

    it("describes the very resources and outputs that the rehearsal sees", async () => {
        const { engine } = await runStage("dev");
        const recorded = await recordProgram("dev");
        const [stack, ...resources] = engine.resources;
        assert.equal(stack?.type, "pulumi:pulumi:Stack");
        assert.deepEqual(resources.map(({ name }) => name).sort(), recorded.registrations.map(({ name }) => name).sort());
        assert.deepEqual(engine.outputs, recorded.outputs);
    });

    it("prints all wrong settings as one message, without a stack, and makes nothing", async () => {
        const { config, ...rest } = readStackConfig(root, "dev");
        const wrong = { ...config, "gapless:minSize": "one", "gapless:drainSecs": "20", "gapless:amiId": "hunter2" };
        const { exitCode, engine, printed } = await runProgram("dev", { ...rest, config: wrong, secretKeys: ["gapless:amiId"] });
        // Pulumi's code for: the user has been told all there is to tell.
        assert.equal(exitCode, 32);
        assert.deepEqual(engine.messages, [
            "error: 3 settings are wrong in Pulumi.dev.yaml:\n"
            + "  gapless:drainSecs is no setting; received \"20\"\n"
            + "      Fix: did you mean gapless:drainSeconds?\n"
            + "  gapless:amiId must be ami- and 8 to 17 hexadecimal digits; received a secret value\n"
            + "      Fix: in Pulumi.dev.yaml write such as gapless:amiId: \"ami-0123456789abcdef0\"\n"
            + "  gapless:minSize must be an integer from 1 to 1000; received \"one\"\n"
            + "      Fix: in Pulumi.dev.yaml write such as gapless:minSize: 2",
        ]);
        assert.equal(printed, "");
        assert.deepEqual(engine.resources.map(({ type }) => type), ["pulumi:pulumi:Stack"]);
    });

    it("prints an error that nobody has foreseen with a stack, in which Node does not lose itself", async () => {
        const { exitCode, engine, printed } = await runProgram("dev", readStackConfig(root, "dev"), { NODE_OPTIONS: `--import ${withoutBootScript}` });
        assert.equal(exitCode, 32, printed);
        assert.match(engine.messages.join("\n"), /Error: unforeseen\n(?:.*\n)*.*at .*buildWeb/);
        assert.doesNotMatch(engine.messages.join("\n"), /@pulumi\/resource\.ts/);
    });
});
