import assert from "node:assert/strict";
import type { Running, SettledEntry } from "../../release/history";
import { earlierReleases, rollbackTarget } from "../../release/rollback-target";

describe("the release to go back to", () => {
    it("is the newest other one that succeeded before what serves", () => {
        const entries = history("a", "b", "b!failed", "c!rolledBack", "b", "d!succeeded");
        assert.deepEqual(rollbackTarget(entries, serving(entries, 6), undefined), { target: entries[4] });
        assert.deepEqual(rollbackTarget(entries, serving(entries, 5), undefined), { target: entries[0] });
    });

    it("is further back when one goes back once more, never the one that was left", () => {
        const entries = [...history("a", "b", "c"), entry(4, "b", "succeeded", "rollback")];
        assert.deepEqual(rollbackTarget(entries, serving(entries, 4), undefined), { target: entries[0] });
        const again = [...entries, entry(5, "a", "succeeded", "rollback")];
        assert.deepEqual(rollbackTarget(again, serving(again, 5), undefined), { problem: "Release a is the first that has ever served, so there is nothing to go back to." });
    });

    it("is each release once, newest first", () => {
        const entries = history("a", "b", "a", "b", "c");
        assert.deepEqual(earlierReleases(entries, entries[4] as SettledEntry).map(({ n }) => n), [4, 3]);
    });

    it("is what is named by number or version, in its newest success", () => {
        const entries = history("a", "b", "a!failed", "c");
        assert.deepEqual(rollbackTarget(entries, serving(entries, 4), 2), { target: entries[1] });
        assert.deepEqual(rollbackTarget(entries, serving(entries, 4), "a"), { target: entries[0] });
    });

    it("is never one that did not serve, or is not known", () => {
        const entries = history("a", "b!stopped");
        const running = serving(entries, 1);
        assert.deepEqual(rollbackTarget(entries, running, 2), { problem: "Release b (number 2) has never served: its deployment d-2 is told as stopped." });
        assert.deepEqual(rollbackTarget(entries, running, 9), { problem: "The history has no number 9." });
        assert.deepEqual(rollbackTarget(entries, running, "0123456789ab"), { problem: "The history has no release 0123456789ab." });
    });

    it("is nothing where nobody knows what serves", () => {
        assert.deepEqual(rollbackTarget([], undefined, undefined), { problem: "Nothing has been deployed with success yet, so there is nothing to go back to." });
        assert.deepEqual(rollbackTarget(history("a"), { deploymentId: "d-9" }, undefined), {
            problem: "Nobody has written down what serves (deployment d-9), so what served before it cannot be told. Choose with --to.",
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
    return { n, version, result, by, image: "i@sha256:0", bundleVersion: "v", who: "ann", when: "2026-01-01T00:00:00.000Z", deploymentId: `d-${n}` };
}

function serving(entries: readonly SettledEntry[], n: number): Running {
    const entry = entries.find(each => each.n === n) as SettledEntry;
    return { deploymentId: entry.deploymentId, entry, version: entry.version };
}
