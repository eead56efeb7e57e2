import assert from "node:assert/strict";
import { endedRoll, followRoll } from "../../../../release/aws/blue-green/follow-roll";
import { emptyColourDocument } from "../../../../release/blue-green/document";
import { type ActiveRoll, advanceRoll, beginRoll, type RollState, stepsOf } from "../../../../release/blue-green/machine";
import type { JournalEntry } from "../../../../release/journal";
import type { Stage } from "../../../../release/stage";
import { coloursKey, journalKey } from "../../../../release/store-keys";
import { FakeClock } from "../../../support/aws/fake-clock";
import { sampleFlip, sampleRoll } from "../../blue-green/sample-roll";
import { S3Double } from "../s3-double";

const stage = {
    stack: "dev", releaseBucket: "bucket",
    blueGreen: { active: "blue", sizes: { minSize: 2, maxSize: 4 }, shiftPercents: [100], bakeSeconds: 60, warmSeconds: 1800 },
} as unknown as Stage;

/** What is told of roll bg-1 when it was over before anybody looked. */
function ended(about: Partial<JournalEntry>) {
    const s3 = new S3Double();
    const entry: JournalEntry = {
        n: 1, version: "v2", image: "i@2", bundleVersion: "1", revision: "r", who: "ann", when: "2026-01-01T00:00:00.000Z", by: "roll", deploymentId: "bg-1",
        colour: "green", result: "succeeded", ...about,
    };
    s3.put(journalKey, JSON.stringify({ schemaVersion: 1, entries: [{ ...entry, n: 2, deploymentId: "bg-0", result: "failed" }, entry] }));
    return endedRoll(s3.client, stage, "bg-1", new AbortController().signal);
}

describe("roll that was over before anybody looked", () => {
    for (const result of ["succeeded", "stopped", "rolledBack", "failed"] as const) {
        it(`has ${result}, as the journal says of this roll`, async () => {
            const end = await ended({ result, reason: "why", codeDeployId: "d-2" });
            assert.deepEqual([end.result, end.reason, end.codeDeployId, end.roll.id, end.roll.from, end.roll.to], [result, "why", "d-2", "bg-1", "blue", "green"]);
        });
    }

    it("is not taken for ended by an entry that does not say so, nor by another's", async () => {
        for (const about of [{ result: "inProgress" }, { deploymentId: "bg-2" }] as const) {
            await assert.rejects(ended(about), { name: "DeliveryError", message: "Roll bg-1 of dev has ended, and nobody has written down how. What serves: ./gapless status dev." });
        }
    });

    for (const [by, codeDeployId, kind] of [
        ["roll", undefined, "deploy"], ["pipeline", undefined, "deploy"], ["flip", undefined, "flip"], ["rollback", undefined, "flip"], ["flip", "d-2", "deploy"], ["rollback", "d-2", "deploy"],
    ] as const) {
        it(`is a ${kind} when ${by} began it ${codeDeployId === undefined ? "without" : "with"} a deployment`, async () => {
            assert.equal((await ended({ by, codeDeployId })).roll.kind, kind);
        });
    }
});

const active = (state: RollState): ActiveRoll => state.phase === "ended" ? assert.fail("over") : state;
const begun = active(beginRoll(sampleRoll));
const committed = { ...begun, at: stepsOf(begun).length - 1 };

describe("roll that nobody drives any more", () => {
    for (const [what, state, ways] of [
        ["a deployment", begun, "Go back to what served: ./gapless abort dev. Go on with it: ./gapless roll dev v2."],
        ["a flip", active(beginRoll(sampleFlip)), "Go back to what served: ./gapless abort dev. Go on with it: ./gapless flip dev."],
        ["a way back", active(advanceRoll(begun, { type: "failed", reason: "no boot" })), "Finish its way back: ./gapless abort dev."],
        ["what is left once the release serves", committed, "Finish it: ./gapless abort dev."],
    ] as const) {
        it(`needs a person, who is told what goes on with ${what}`, async () => {
            const s3 = new S3Double();
            s3.put(coloursKey, JSON.stringify({ ...emptyColourDocument, roll: state }));
            const { signal } = new AbortController();
            const options = { clock: new FakeClock(), signal, stack: "dev", tell: { step: () => undefined, warn: () => undefined }, owner: { who: "ann", host: "laptop", pid: 8 } };
            await assert.rejects(followRoll(s3.client, stage, state.roll.id, options), (error: Error & { readonly kind?: string }) => {
                assert.match(error.message, new RegExp(`^Nobody drives roll ${state.roll.id} of dev any more \\(.+\\)\\. `));
                assert.deepEqual([error.kind, error.message.endsWith(`). ${ways}`)], ["needsPerson", true], error.message);
                return true;
            });
        });
    }
});
