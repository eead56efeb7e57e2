import assert from "node:assert/strict";
import type { RequestRecord } from "../../../rehearsal/load/request-record";
import { failuresOf } from "../../../rehearsal/report/failures";
import { at, lostRequest, request } from "./material";

describe("The failures of a rehearsal", () => {
    const times = { startMs: 10_000, endMs: 20_000 };
    const events = [
        at(11, "ApplicationStart", { instance: "host-1", status: "started" }),
        at(11.5, "BlockTraffic", { instance: "host-2", status: "started" }),
        at(12, "ApplicationStart", { instance: "host-1", status: "succeeded" }),
        at(12.5, "WaveStarted"),
        at(13, "BlockTraffic", { instance: "host-2", status: "failed" }),
    ];
    const running = (record: RequestRecord): readonly string[] | undefined => failuresOf([record], events, times)[0]?.running;

    it("are grouped by kind, largest first, with the events that ran then", () => {
        const records = [
            request({ dueMs: 11_000 }),
            request({ dueMs: 11_600, latencyMs: 10, status: 503, instance: "host-2", version: "v2" }),
            lostRequest({ dueMs: 11_100, latencyMs: 10 }),
            lostRequest({ dueMs: 11_300, latencyMs: 30 }),
            lostRequest({ dueMs: 11_200, latencyMs: 20 }),
        ];

        assert.deepEqual(failuresOf(records, events, times), [
            { count: 3, cause: "ECONNRESET", phase: "during", running: ["host-1 ApplicationStart"], firstMs: 11_110, lastMs: 11_330 },
            {
                count: 1, cause: "503", phase: "during", instance: "host-2", version: "v2", running: ["host-2 BlockTraffic"],
                firstMs: 11_610, lastMs: 11_610,
            },
        ]);
    });

    it("are none when nothing failed", () => {
        assert.deepEqual(failuresOf([request(), request({ status: 399 })], events, times), []);
    });

    const cases: readonly (readonly [string, RequestRecord, readonly string[]])[] = [
        ["nothing before the first event", lostRequest({ dueMs: 10_500 }), []],
        ["both events when nobody answered", lostRequest({ dueMs: 11_700 }), ["host-1 ApplicationStart", "host-2 BlockTraffic"]],
        ["only its own instance's event", request({ dueMs: 11_700, status: 500, instance: "host-1" }), ["host-1 ApplicationStart"]],
        ["no event that has succeeded", lostRequest({ dueMs: 12_100 }), ["host-2 BlockTraffic"]],
        ["no event that has failed", lostRequest({ dueMs: 13_100 }), []],
        ["what ran when it failed, not when it was sent", lostRequest({ dueMs: 10_500, latencyMs: 700 }), ["host-1 ApplicationStart"]],
        ["what ran when it was sent, if it timed out", lostRequest({ dueMs: 11_100, latencyMs: 5000, error: "ETIMEDOUT" }), ["host-1 ApplicationStart"]],
        ["what ran when it was sent late, if it timed out", lostRequest({ dueMs: 10_500, lagMs: 600, error: "ETIMEDOUT" }), ["host-1 ApplicationStart"]],
    ];
    for (const [what, record, wanted] of cases) {
        it(`name ${what}`, () => {
            assert.deepEqual(running(record), wanted);
        });
    }
});
