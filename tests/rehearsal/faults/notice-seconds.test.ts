import assert from "node:assert/strict";
import { drainScaleOf, noticeSecondsOf } from "../../../rehearsal/faults/rehearse-faults";
import { defaults } from "../../../release/rollout";
import { scaleWaits } from "../../../rehearsal/time-scale";

describe("Seconds until dead targets are noticed", () => {
    for (const [timeScale, unhealthyThreshold, intervalSeconds, timeoutSeconds, seconds] of [
        [1, 2, 10, 5, 25.5], [0.1, 2, 10, 5, 3.4], [0.1, 2, 5, 2, 1.95], [0.1, 3, 5, 2, 2.45], [0.5, 2, 30, 10, 40.5],
    ] as const) {
        it(`are ${seconds} for ${unhealthyThreshold} checks every ${intervalSeconds} s with ${timeoutSeconds} s each, at ${timeScale} of their interval and in what is left of it`, () => {
            const healthCheck = { ...defaults.healthCheck, unhealthyThreshold, intervalSeconds, timeoutSeconds };
            const rollout = { ...defaults, healthCheck } as Parameters<typeof noticeSecondsOf>[0]["rollout"];
            assert.ok(Math.abs(noticeSecondsOf({ rollout, waits: scaleWaits(healthCheck, timeScale) }) - seconds) < 1e-9);
        });
    }
});

describe("Strays after a deregistration", () => {
    for (const [drainSeconds, timeScale, slowestSeconds, scale] of [
        [20, 1, 3, 1], [20, 0.1, 3, 0.175], [20, 0.1, 1, 0.1], [10, 0.1, 0, 0.1], [0, 0.1, 3, 0.1],
    ] as const) {
        it(`come for as much of a drain of ${drainSeconds} s as on AWS, at ${timeScale} of its time with requests that take ${slowestSeconds} s`, () => {
            assert.ok(Math.abs(drainScaleOf(drainSeconds, timeScale, slowestSeconds) - scale) < 1e-9);
        });
    }
});
