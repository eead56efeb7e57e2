import assert from "node:assert/strict";
import { sparkline } from "../../../rehearsal/report/sparkline";

describe("A sparkline", () => {
    const cases: readonly (readonly [readonly number[], number, number, string])[] = [
        [[], 8, 10, ""],
        [[0, 1, 4, 7, 8], 8, 10, " ▂▅██"],
        [[0.1], 8, 10, "▁"],
        [[8, 8, 0, 0], 8, 2, "█ "],
        [[8, 0, 0, 0], 8, 2, "▅ "],
        [[8, 8, 8, 0, 0], 8, 2, "█▃"],
    ];
    for (const [counts, most, width, bars] of cases) {
        it(`of ${JSON.stringify(counts)} up to ${most} in ${width} columns is '${bars}'`, () => {
            assert.equal(sparkline(counts, most, width), bars);
        });
    }
});
