import assert from "node:assert/strict";
import { S3Client } from "@aws-sdk/client-s3";
import { exitCodes } from "../../cli/exit-code";
import { exitCodeOf, explain } from "../../cli/failure";
import { driveRoll } from "../../cli/roll-release";
import { coloursOf } from "../../release/aws/colour-document";
import { StageLock, thisOwner, withLock } from "../../release/aws/stage-lock";
import { type ActiveRoll, advanceRoll, beginRoll, stepOf, type RollState } from "../../release/blue-green/machine";
import type { StepName } from "../../release/blue-green/step";
import { sampleRoll } from "../release/blue-green/sample-roll";
import { testContext } from "../support/aws/command-context";
import { DemoStage } from "../support/aws/demo-stage";

const { signal: never } = new AbortController();
const looking = "interrupted: looking where the roll stands. Once more leaves it there";

/** The way forward as far as a step. */
function at(name: StepName): ActiveRoll {
    let state: RollState = beginRoll(sampleRoll);
    while (state.phase !== "ended" && stepOf(state).name !== name) state = advanceRoll(state, { type: "done" });
    return state.phase === "ended" ? assert.fail(`there is no step ${name}`) : state;
}

/** What this process tells of Ctrl-C while it holds the lock and drives a roll that stands there. */
async function interrupted(state: ActiveRoll | null, times = 1, next?: (stop: AbortSignal) => void) {
    await using demo = await DemoStage.open({ blueGreen: {} });
    const { stage, access } = demo;
    const context = testContext({ folder: demo.folder });
    const { told, clock } = context;
    const s3 = new S3Client(access);
    await coloursOf(s3, stage.releaseBucket).change(document => ({ ...document, roll: state }), never);
    const lock = new StageLock(s3, stage.releaseBucket, thisOwner(context.env), clock);
    const wish = { ...context, signal: never, stack: "dev", command: "roll", waitMinutes: 0 };
    return await withLock(lock, wish, async () => {
        let turnsBack = false;
        const code = await driveRoll({ stage, access }, {}, context, async ({ stop }) => {
            for (let time = 0; time < times; time += 1) context.interrupt();
            while (told.length < 2 && !context.signal.aborted) await new Promise(resolve => setImmediate(resolve));
            // For what would be told after the end.
            for (let turn = 0; turn < 100; turn += 1) await new Promise(resolve => setImmediate(resolve));
            turnsBack = stop.aborted;
            next?.(stop);
            return exitCodes.done;
        }).catch((error: unknown) => ({ exitCode: exitCodeOf(error, context.signal), text: explain(error) }));
        return { code, told, turnsBack, ends: context.signal.aborted };
    });
}

describe("Ctrl-C while a roll is driven", () => {
    for (const name of ["grow", "install", "shift", "commit"] as const) {
        it(`is heard at once, and has the roll go back, at ${name}`, async () => {
            const { told: [first, second = ""], turnsBack, ends } = await interrupted(at(name));
            assert.equal(first, looking);
            assert.match(second, /^warning: going back, which takes a while\. Once more leaves the roll where it is; \.\/gapless abort dev goes on with its way back then$/);
            assert.deepEqual([turnsBack, ends], [true, false]);
        });
    }

    for (const name of ["settle", "retire"] as const) {
        it(`says at ${name} that it is too late, what serves, and how to go back then`, async () => {
            const { told, ends } = await interrupted(at(name));
            assert.deepEqual([told, ends], [[looking, "warning: too late to go back: green serves release v2, and what is left of the roll is done. To go back then: ./gapless rollback dev"], false]);
        });
    }

    it("says of a roll that goes back that it does so already", async () => {
        const { told } = await interrupted(advanceRoll(at("install"), { type: "failed", reason: "x" }) as ActiveRoll);
        assert.match(told[1] ?? "", /^warning: going back already, which takes a while\./);
    });

    it("ends a command that has begun nothing", async () => {
        const { told, turnsBack, ends } = await interrupted(null);
        assert.deepEqual([told, turnsBack, ends], [[looking], false, true]);
    });

    it("ends a command as interrupted whose own roll is not begun any more, after one that was left", async () => {
        const { code } = await interrupted(at("retire"), 1, stop => { stop.throwIfAborted(); });
        assert.deepEqual(code, { exitCode: exitCodes.interrupted, text: "Interrupted." });
    });

    it("hides no failure of a roll that goes back", async () => {
        const { code, ends } = await interrupted(at("install"), 1, () => { throw new TypeError("lost"); });
        assert.deepEqual([(code as { readonly exitCode: number }).exitCode, ends], [exitCodes.failed, false]);
    });

    it("says nothing of going back when the second comes while the first is looked at", async () => {
        const { told, turnsBack, ends } = await interrupted(at("install"), 2);
        assert.deepEqual([told, turnsBack, ends], [[looking], false, true]);
    });
});
