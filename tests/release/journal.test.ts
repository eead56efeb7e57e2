import assert from "node:assert/strict";
import fc from "fast-check";
import { emptyJournal, type JournalEntry, journal, longestJournal, record } from "../../release/journal";

type News = Omit<JournalEntry, "n">;

const begun: News = {
    version: "0123456789ab", image: "r@sha256:1", bundleVersion: "v1", who: "ann@desk", when: "2026-01-01T00:00:00.000Z", by: "roll",
    deploymentId: "d-1", result: "inProgress",
};

const news = fc.record({
    deploymentId: fc.constantFrom("d-1", "d-2", "d-3", "d-4"),
    result: fc.constantFrom("inProgress", "succeeded", "failed", "rolledBack", "stopped"),
    who: fc.constantFrom("ann", "bob"),
}).map((told): News => ({ ...begun, ...told }));

describe("journal", () => {
    it("counts its entries from 1", () => {
        const { entries } = record(record(emptyJournal, begun), { ...begun, deploymentId: "d-2" });
        assert.deepEqual(entries, [{ n: 1, ...begun }, { n: 2, ...begun, deploymentId: "d-2" }]);
    });

    it("adds what is new of a deployment to its entry, and keeps who began it, when, and by which way", () => {
        const end: News = { ...begun, who: "the pipeline", when: "2026-02-02T00:00:00.000Z", by: "pipeline", result: "failed", reason: "no health", endedAt: "2026-02-02T00:00:00.000Z" };
        assert.deepEqual(record(record(emptyJournal, { ...begun, commit: "abc" }), end).entries, [
            { n: 1, ...begun, commit: "abc", result: "failed", reason: "no health", endedAt: "2026-02-02T00:00:00.000Z" },
        ]);
    });

    it("forgets nothing that later news do not say", () => {
        const { entries } = record(record(emptyJournal, { ...begun, commit: "abc" }), { ...begun, commit: undefined, result: "succeeded" });
        assert.equal(entries[0]?.commit, "abc");
    });

    it("lets an end stand when somebody still says that it goes on", () => {
        const ended = record(emptyJournal, { ...begun, result: "succeeded" });
        assert.deepEqual(record(ended, { ...begun, reason: "late" }), ended);
    });

    it("keeps the newest entries alone, and gives no number twice", () => {
        let kept = emptyJournal;
        for (let n = 1; n <= longestJournal + 2; n += 1) kept = record(kept, { ...begun, deploymentId: `d-${n}` });
        assert.equal(kept.entries.length, longestJournal);
        assert.deepEqual([kept.entries[0]?.n, kept.entries.at(-1)?.n], [3, longestJournal + 2]);
    });

    it("is the same however often the same is told, and has one entry a deployment, in the order of their numbers", () => {
        fc.assert(fc.property(fc.array(news, { maxLength: 12 }), told => {
            const once = told.reduce(record, emptyJournal);
            const last = told.at(-1);
            if (last) assert.deepEqual(record(once, last), once);
            const ids = once.entries.map(({ deploymentId }) => deploymentId);
            assert.deepEqual(ids, [...new Set(told.map(({ deploymentId }) => deploymentId))]);
            assert.deepEqual(once.entries.map(({ n }) => n), ids.map((_, place) => place + 1));
        }));
    });

    it("never takes an end back", () => {
        fc.assert(fc.property(fc.array(news, { maxLength: 12 }), told => {
            const { entries } = told.reduce(record, emptyJournal);
            for (const { deploymentId, result } of entries) {
                const ends = told.filter(one => one.deploymentId === deploymentId && one.result !== "inProgress");
                assert.equal(result, ends.at(-1)?.result ?? "inProgress");
            }
        }));
    });

    it("is read as it was written", () => {
        const written = record(emptyJournal, begun);
        assert.deepEqual(journal.parse(JSON.parse(JSON.stringify(written))), written);
    });
});
