import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { pairsIn, pairsOf, pairwise } from "./pairwise";

const dimensions = { a: ["1", "2", "3"], b: ["x", "y"], c: ["p", "q", "r", "s"], d: ["on", "off"] };

describe("pairwise combinations", () => {
    it("bring each value together with each value of every other dimension", () => {
        const covered = new Set(pairwise(dimensions).flatMap(pairsIn));
        assert.deepEqual(pairsOf(dimensions).filter(pair => !covered.has(pair)), []);
        assert.equal(pairsOf(dimensions).length, 3 * 2 + 3 * 4 + 3 * 2 + 2 * 4 + 2 * 2 + 4 * 2);
    });

    it("hold a value of every dimension", () => {
        for (const combination of pairwise(dimensions)) assert.deepEqual(Object.keys(combination), ["a", "b", "c", "d"]);
    });

    it("are far fewer than all combinations", () => {
        const count = pairwise(dimensions).length;
        assert.ok(count >= 12 && count <= 16, `${count} of 48`);
    });
});
