import assert from "node:assert/strict";
import { LogTail, logLimit } from "../../../rehearsal/agent/log-tail";

function line(length: number): string {
    return `${"x".repeat(length - 1)}\n`;
}

describe("the log tail", () => {
    // Lengths of the lines as they come, and of those that remain.
    const cases: readonly { readonly title: string; readonly given: readonly number[]; readonly kept: readonly number[] }[] = [
        { title: "keeps short lines", given: [10, 20, 30], kept: [10, 20, 30] },
        { title: "keeps a last line one below the limit", given: [logLimit - 1], kept: [logLimit - 1] },
        { title: "is empty after a last line that reaches the limit", given: [10, logLimit], kept: [] },
        { title: "goes on after such a line without it", given: [10, logLimit, 20], kept: [20] },
        { title: "does not count the last line", given: [900, 2000], kept: [900, 2000] },
        { title: "counts the oldest line that it keeps twice", given: [850, 400, 10], kept: [400, 10] },
        { title: "keeps an older line of one below half the limit", given: [logLimit / 2 - 1, 10], kept: [logLimit / 2 - 1, 10] },
        { title: "drops an older line of half the limit", given: [logLimit / 2, 10], kept: [10] },
    ];
    for (const { title, given, kept } of cases) {
        it(title, () => {
            const tail = new LogTail();
            given.map(line).forEach(text => { tail.append(text); });
            assert.deepEqual(tail.text.split("\n").slice(0, -1).map(text => text.length + 1), kept);
        });
    }

    it("counts characters, not bytes or halves of them", () => {
        const tail = new LogTail();
        tail.append("😀".repeat(logLimit - 1));
        assert.equal(Array.from(tail.text).length, logLimit - 1);
    });
});
