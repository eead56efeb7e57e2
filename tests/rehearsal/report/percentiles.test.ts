import assert from "node:assert/strict";
import fc from "fast-check";
import { percentiles } from "../../../rehearsal/report/percentiles";

describe("Percentiles", () => {
    const hundred = Array.from({ length: 100 }, (_, k) => k + 1);
    const cases: readonly (readonly [string, readonly number[], number | null, number | null])[] = [
        ["nothing", [], null, null],
        ["one value", [7], 7, 7],
        ["two values", [2, 1], 1, 2],
        ["a hundred values", hundred, 50, 99],
        ["a hundred values in disorder", [...hundred].reverse(), 50, 99],
        ["values that sort differently as text", [9, 10, 100], 10, 100],
        ["fractions", [1.2345], 1.2, 1.2],
    ];
    for (const [what, values, p50, p99] of cases) {
        it(`of ${what} are ${String(p50)} and ${String(p99)}`, () => {
            assert.deepEqual(percentiles(values), { p50, p99 });
        });
    }

    it("lie within the values, the median never above the 99th", () => {
        fc.assert(fc.property(fc.array(fc.nat(60_000), { minLength: 1 }), values => {
            const { p50, p99 } = percentiles(values);
            assert.ok(p50 !== null && p99 !== null && p50 <= p99);
            assert.ok(values.includes(p50) && values.includes(p99));
        }));
    });
});
