import assert from "node:assert/strict";
import type { RequestRecord } from "../../../rehearsal/load/request-record";
import { longestGapMs } from "../../../rehearsal/report/gap";
import { lostRequest, request } from "./material";

describe("The longest gap", () => {
    const every100 = (count: number): readonly RequestRecord[] => Array.from({ length: count }, (_, k) => request({ dueMs: k * 100 }));
    const lostBetween = (from: number, to: number): readonly RequestRecord[] =>
        every100(20).map(record => (record.dueMs >= from && record.dueMs < to ? lostRequest({ dueMs: record.dueMs }) : record));

    const cases: readonly (readonly [string, readonly RequestRecord[], number])[] = [
        ["without any request", [], 0],
        ["between steady answers", every100(20), 100],
        ["over lost requests", lostBetween(500, 1000), 600],
        ["from the first request on", lostBetween(0, 500), 510],
        ["up to the last request", lostBetween(1500, 2000), 490],
        ["when all are lost", lostBetween(0, 2000), 1900],
        ["of a stall that all survived", every100(20).map(record => ({ ...record, latencyMs: Math.max(10, 1500 - record.dueMs) })), 1500],
        ["after the last request does not count", [...every100(20), request({ dueMs: 1000, latencyMs: 5000, slow: true })], 100],
        ["in disorder", [...every100(20)].reverse(), 100],
    ];
    for (const [what, records, gapMs] of cases) {
        it(`${what} is ${gapMs} ms`, () => {
            assert.equal(longestGapMs(records), gapMs);
        });
    }
});
