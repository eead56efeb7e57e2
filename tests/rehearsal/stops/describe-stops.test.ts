import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { describeStops, endedWith, wasOpenAt } from "../../../rehearsal/stops/describe-stops";
import type { StopSeen } from "../../../rehearsal/stops/stop-seen";
import { lostRequest } from "../report/material";

/** A stop at 10 s, over after some milliseconds. */
function stopped(tookMs: number, exitCode: number, about: Partial<StopSeen> = {}): StopSeen {
    return { instance: "i-1", version: "v1", atMs: 10_000, endedMs: 10_000 + tookMs, signal: 15, exitCode, ...about };
}

/** A request that was sent and failed so many milliseconds before or after 10 s. */
function cut(sent: number, failed: number, instance?: string) {
    return lostRequest({ dueMs: 9_999 + sent, lagMs: 1, latencyMs: failed - sent + 1, ...(instance !== undefined && { instance }) });
}

describe("how a service took its stop", () => {
    it("is told with the time that it took", () => {
        assert.deepEqual(describeStops([stopped(1234.4, 0)], []), [{ instance: "i-1", version: "v1", atMs: 10_000, seconds: 1.234, exitCode: 0, manner: "graceful" }]);
        const ofAnotherRelease = { instance: "i-1", atMs: 10_000, endedMs: 10_010, signal: 15, exitCode: 0 };
        assert.deepEqual(describeStops([ofAnotherRelease], []), [{ instance: "i-1", atMs: 10_000, seconds: 0.01, exitCode: 0, manner: "graceful" }]);
    });

    for (const [what, stop, requests, manner] of [
        ["gracefully, though at once, when it ends with 0 and nothing was open", stopped(20, 0), [], "graceful"],
        ["gracefully when it takes its time and ends as by the signal, as a JVM does", stopped(1200, 143), [], "graceful"],
        ["gracefully when it ends with 143 of another signal", stopped(20, 143, { signal: 3 }), [], "graceful"],
        ["at once when the signal has ended it", stopped(20, 143), [], "atOnce"],
        ["at once when the signal of its STOPSIGNAL has ended it", stopped(20, 131, { signal: 3 }), [], "atOnce"],
        ["at once when it ends with 0 and drops what was open", stopped(20, 0), [cut(-500, 15)], "atOnce"],
        ["at once when it drops what was open at last", stopped(3000, 1), [cut(-500, 2990)], "atOnce"],
        ["gracefully when only the door was closed on those that came", stopped(1200, 0), [cut(-50, 5), cut(3, 6)], "graceful"],
        ["gracefully when what was cut was another instance's", stopped(1200, 0), [cut(-500, 15, "i-2")], "graceful"],
        ["gracefully when what was cut was cut before", stopped(1200, 0), [cut(-500, -20)], "graceful"],
        ["gracefully when what was cut was cut long after", stopped(20, 0), [cut(-500, 600)], "graceful"],
        ["not at all when it was killed in the end", stopped(30_020, 137), [cut(-500, 30_010)], "killed"],
    ] as const) {
        it(`is ${what}`, () => {
            assert.equal(describeStops([stop], requests)[0]?.manner, manner);
        });
    }

    it("tells requests that were open when it was told to end from those that ended with it", () => {
        const stop = { instance: "i-1", atMs: 10_000, seconds: 30 };
        assert.deepEqual([cut(-10, 30_000), cut(10, 30_000), cut(-10, 5_000), cut(30_100, 30_200)].map(record => [wasOpenAt(stop, record), endedWith(stop, record)]), [
            [true, true], [false, true], [true, false], [false, false],
        ]);
    });
});
