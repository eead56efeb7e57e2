import assert from "node:assert/strict";
import { watchRolls } from "../../../release/aws/deployment-watch";
import { emptyColourDocument } from "../../../release/blue-green/document";
import { beginRoll } from "../../../release/blue-green/machine";
import type { JournalEntry } from "../../../release/journal";
import { freeLock, hold, type Lock, type Owner } from "../../../release/lock";
import { rollAction } from "../../../release/pipeline-names";
import type { PipelineState } from "../../../release/pipeline-progress";
import type { Stage } from "../../../release/stage";
import { coloursKey, journalKey, lockKey } from "../../../release/store-keys";
import { FakeClock } from "../../support/aws/fake-clock";
import { sampleRoll } from "../blue-green/sample-roll";
import { S3Double } from "./s3-double";

const build: Owner = { who: "pipeline", host: "build", pid: 7 };
const owner: Owner = { who: "ann", host: "laptop", pid: 8 };
const startedAt = new Date("2026-01-01T00:10:00Z");
const state: PipelineState = {
    executionId: "e-1", status: "InProgress",
    actions: [{ stage: "Roll", action: rollAction, category: "Build", provider: "CodeBuild", status: "InProgress", startedAt, variables: {} }],
};
const left: JournalEntry = {
    n: 1, version: "v2", image: "i@2", bundleVersion: "1", revision: "r", who: "pipeline", when: startedAt.toISOString(), by: "pipeline", deploymentId: "bg-1", result: "inProgress",
};

/** What is found of release v2 while roll bg-1 of it is under way, or over when `isOver`. */
async function find({ lock, entries = [], isOver = false, of = state }: {
    readonly lock: Lock; readonly entries?: readonly JournalEntry[]; readonly isOver?: boolean; readonly of?: PipelineState;
}): Promise<string | undefined> {
    const s3 = new S3Double();
    const clock = new FakeClock();
    s3.put(coloursKey, JSON.stringify({ ...emptyColourDocument, roll: isOver ? null : beginRoll(sampleRoll) }));
    s3.put(lockKey, JSON.stringify(lock));
    s3.put(journalKey, JSON.stringify({ schemaVersion: 1, entries }));
    const { signal } = new AbortController();
    const tell = { step: () => undefined, warn: () => undefined };
    return watchRolls(s3.client, { stack: "dev", releaseBucket: "bucket" } as Stage, "v2", { clock, signal, stack: "dev", tell, owner }).find(of, signal);
}

const now = new FakeClock().now();
const held = hold(build, "pipeline", "t", now);

describe("roll of a pipeline's execution", () => {
    it("is the one of its release that somebody drives", async () => {
        assert.equal(await find({ lock: held }), "bg-1");
    });

    for (const [why, lock] of [["nobody holds the lock", freeLock], ["the lock has expired", hold(build, "roll", "t", new Date(now.getTime() - 3_600_000))]] as const) {
        it(`is looked for on while ${why}: one that was left is the build's to take up, and that has not begun yet`, async () => {
            assert.equal(await find({ lock }), undefined);
            assert.equal(await find({ lock, entries: [left] }), undefined, "nor by the journal, which names it too");
        });
    }

    it("is the one that the journal names once it is over, though nobody holds the lock", async () => {
        assert.equal(await find({ lock: freeLock, isOver: true, entries: [{ ...left, result: "succeeded" }] }), "bg-1");
    });

    it("is not looked for before the pipeline has come to it", async () => {
        assert.equal(await find({ lock: held, of: { ...state, actions: [] } }), undefined);
    });
});
