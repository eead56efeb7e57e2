import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { nearest } from "../../release/nearest";

describe("the nearest word", () => {
    const words = ["minSize", "maxSize", "drainSeconds", "stage"];
    const cases: readonly [string, string | undefined][] = [
        ["minsize", "minSize"], ["minSzie", "minSize"], ["mxSize", "maxSize"], ["drainSecs", "drainSeconds"], ["stages", "stage"],
        ["environment", undefined], ["x", undefined],
    ];
    for (const [word, expected] of cases) {
        it(`of ${word} is ${expected ?? "none"}`, () => {
            assert.equal(nearest(word, words), expected);
        });
    }
});
