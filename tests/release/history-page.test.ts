import assert from "node:assert/strict";
import { type HistoryRow, renderHistory } from "../../release/history-page";

const row: HistoryRow = { n: 1, when: "2026-01-01T00:00:00.000Z", version: "aaaaaaaaaaaa", who: "ann", by: "roll", result: "succeeded", deploymentId: "d-1", serves: false };
const cellsOf = (rows: readonly HistoryRow[]): readonly (readonly string[])[] =>
    renderHistory(rows, "dev").split("\n").filter(line => line.startsWith("│")).map(line => line.split("│").slice(1, -1).map(cell => cell.trim()));

describe("the page of a history", () => {
    it("has a line a release, and what serves is named", () => {
        assert.deepEqual(cellsOf([{ ...row, n: 2, commit: "c".repeat(40), serves: true }, { ...row, version: undefined, result: "unknown" }]), [
            ["", "n", "when", "release", "commit", "who", "by", "result"],
            ["serves", "2", "2026-01-01T00:00:00Z", "aaaaaaaaaaaa", "c".repeat(12), "ann", "roll", "succeeded"],
            ["", "1", "2026-01-01T00:00:00Z", "unknown", "", "ann", "roll", "ended, nobody knows how"],
        ]);
    });

    it("tells of flips, and of colours once there is one", () => {
        assert.deepEqual(cellsOf([{ ...row, n: 2, by: "flip", colour: "blue" }, row]), [
            ["", "n", "when", "release", "commit", "who", "by", "colour", "result"],
            ["", "2", "2026-01-01T00:00:00Z", "aaaaaaaaaaaa", "", "ann", "flip", "blue", "succeeded"],
            ["", "1", "2026-01-01T00:00:00Z", "aaaaaaaaaaaa", "", "ann", "roll", "", "succeeded"],
        ]);
    });
});
