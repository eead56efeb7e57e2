import assert from "node:assert/strict";
import fc from "fast-check";
import { failed } from "../../../rehearsal/load/request-record";
import { secondsOf } from "../../../rehearsal/report/seconds";
import { anyRequest, lostRequest, request, unsignedRequest } from "./material";

describe("The seconds of a load", () => {
    it("count requests by when they ended and who answered, silent seconds included", () => {
        const records = [
            request({ dueMs: 5000 }), request({ dueMs: 5900, latencyMs: 2000, version: "v2" }),
            unsignedRequest({ dueMs: 7500 }), lostRequest({ dueMs: 7000 }),
        ];
        assert.deepEqual(secondsOf(records), [
            { atMs: 5000, answered: { v1: 1 }, failed: 0, p50Ms: 10, p99Ms: 10 },
            { atMs: 6000, answered: {}, failed: 0, p50Ms: null, p99Ms: null },
            { atMs: 7000, answered: { v2: 1, unknown: 1 }, failed: 1, p50Ms: 10, p99Ms: 2000 },
        ]);
    });

    it("tell how fast the fast answers were, whatever slow and failed ones took", () => {
        const records = [
            request({ dueMs: 0, latencyMs: 4 }), request({ dueMs: 100, latencyMs: 6 }), request({ dueMs: 200, latencyMs: 5 }),
            request({ dueMs: 0, latencyMs: 700, slow: true }), lostRequest({ dueMs: 300, latencyMs: 1 }),
        ];
        assert.deepEqual(secondsOf(records).map(({ p50Ms, p99Ms }) => [p50Ms, p99Ms]), [[5, 6]]);
    });

    it("are none without requests", () => {
        assert.deepEqual(secondsOf([]), []);
    });

    it("count every request once", () => {
        fc.assert(fc.property(fc.array(anyRequest), records => {
            const seconds = secondsOf(records);
            const answered = seconds.flatMap(second => Object.values(second.answered)).reduce((sum, count) => sum + count, 0);
            const lost = seconds.reduce((sum, second) => sum + second.failed, 0);
            assert.deepEqual([answered + lost, lost], [records.length, records.filter(failed).length]);
        }));
    });
});
