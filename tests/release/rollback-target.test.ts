import assert from "node:assert/strict";
import type { Running, SettledEntry, ToldDeployment } from "../../release/history";
import { earlierReleases, rollbackTarget } from "../../release/rollback-target";

describe("the release to go back to", () => {
    it("is the newest other one that succeeded before what serves", () => {
        const entries = history("a", "b", "b!failed", "c!rolledBack", "b", "d!succeeded");
        assert.deepEqual(rollbackTarget(historyOf(entries, 6), undefined), { target: entries[4] });
        assert.deepEqual(rollbackTarget(historyOf(entries, 5), undefined), { target: entries[0] });
    });

    it("is further back when one goes back once more, never the one that was left", () => {
        const entries = [...history("a", "b", "c"), entry(4, "b", "succeeded", "rollback")];
        assert.deepEqual(rollbackTarget(historyOf(entries, 4), undefined), { target: entries[0] });
        const again = [...entries, entry(5, "a", "succeeded", "rollback")];
        assert.deepEqual(rollbackTarget(historyOf(again, 5), undefined), { problem: "Release a is the first that has served, so there is none before it." });
    });

    it("is further back also when one has gone back to the same release twice", () => {
        const entries = [...history("a", "b", "c"), entry(4, "b", "succeeded", "rollback"), entry(5, "d", "succeeded", "pipeline"), entry(6, "b", "succeeded", "rollback")];
        assert.deepEqual(rollbackTarget(historyOf(entries, 6), undefined), { target: entries[0] });
    });

    it("is each release once, newest first", () => {
        const entries = history("a", "b", "a", "b", "c");
        assert.deepEqual(earlierReleases(entries, entries[4] as SettledEntry).map(({ n }) => n), [4, 3]);
    });

    it("is what is named by number or version, in its newest success", () => {
        const entries = history("a", "b", "a!failed", "c");
        assert.deepEqual(rollbackTarget(historyOf(entries, 4), 2), { target: entries[1] });
        assert.deepEqual(rollbackTarget(historyOf(entries, 4), "a"), { target: entries[0] });
    });

    it("is never one that did not serve, or is not known", () => {
        const entries = history("a", "b!stopped");
        const past = historyOf(entries, 1);
        assert.deepEqual(rollbackTarget(past, 2), { problem: "Release b (number 2) has never served: its deployment d-2 is told as stopped." });
        assert.deepEqual(rollbackTarget(past, 9), { problem: "The history has no number 9." });
        assert.deepEqual(rollbackTarget(past, "0123456789ab"), { problem: "The history has no release 0123456789ab." });
    });

    it("is not guessed past a success that nobody wrote down, but is where one names it", () => {
        const entries = history("a", "b");
        const past = (...unnamed: readonly ToldDeployment[]) => ({ ...historyOf(entries, 2), unnamed });
        assert.deepEqual(rollbackTarget(past(told("d-x", 1.5)), undefined), {
            problem: "Deployment d-x of 2026-01-01T00:00:01.500Z has succeeded between release a and release b, and nobody has written it down, so what served before cannot be told.",
        });
        assert.deepEqual(rollbackTarget(past(told("d-x", 1.5)), 1), { target: entries[0] });
    });

    it("is not hidden by what changed nothing, failed, or lies elsewhere", () => {
        const entries = history("a", "b");
        for (const harmless of [
            told("d-x", 0.5), told("d-x", 2.5), told("d-x", 1.5, { status: "Failed" }), told("d-x", 1.5, { version: "a" }), told("d-x", 1.5, { version: "b" }),
            told("d-x", 1.5, { creator: "codeDeployRollback" }),
        ]) assert.deepEqual(rollbackTarget({ ...historyOf(entries, 2), unnamed: [harmless] }, undefined), { target: entries[0] }, JSON.stringify(harmless));
    });

    it("is nothing where nobody knows what serves", () => {
        assert.deepEqual(rollbackTarget({ entries: [], unnamed: [] }, undefined), { problem: "Nothing has been deployed with success yet, so there is nothing to go back to." });
        assert.deepEqual(rollbackTarget({ entries: history("a"), unnamed: [], running: { deploymentId: "d-9" } }, undefined), {
            problem: "Nobody has written down what serves (deployment d-9), so what served before it cannot be told.",
        });
    });
});

/** Entries by version, with `!result` for all but successes. */
function history(...words: readonly string[]): readonly SettledEntry[] {
    return words.map((word, index) => {
        const [version = "", result = "succeeded"] = word.split("!");
        return entry(index + 1, version, result as SettledEntry["result"], "pipeline");
    });
}

function entry(n: number, version: string, result: SettledEntry["result"], by: SettledEntry["by"]): SettledEntry {
    return { n, version, result, by, image: "i@sha256:0", bundleVersion: "v", who: "ann", when: at(n), deploymentId: `d-${n}` };
}

function at(seconds: number): string {
    return new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString();
}

/** A deployment that no entry names. */
function told(deploymentId: string, seconds: number, about: Partial<ToldDeployment> = {}): ToldDeployment {
    return { deploymentId, status: "Succeeded", creator: "user", createdAt: at(seconds), ...about };
}

function historyOf(entries: readonly SettledEntry[], n: number) {
    return { entries, unnamed: [], running: serving(entries, n) };
}

function serving(entries: readonly SettledEntry[], n: number): Running {
    const entry = entries.find(each => each.n === n) as SettledEntry;
    return { deploymentId: entry.deploymentId, entry, version: entry.version };
}
