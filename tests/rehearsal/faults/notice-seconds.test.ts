import assert from "node:assert/strict";
import { noticeSecondsOf } from "../../../rehearsal/faults/rehearse-faults";
import { defaults } from "../../../release/rollout";
import { sampleOptions } from "../sample-facts";

describe("Seconds until dead targets are noticed", () => {
    for (const [timeScale, unhealthyThreshold, intervalSeconds, timeoutSeconds, seconds] of [
        [1, 2, 10, 5, 35.5], [0.1, 2, 10, 5, 4], [0.1, 2, 5, 2, 2.7], [0.1, 3, 5, 2, 3.2], [0.5, 2, 30, 10, 40.5],
    ] as const) {
        it(`are ${seconds} for ${unhealthyThreshold} checks every ${intervalSeconds} s with ${timeoutSeconds} s each, at ${timeScale} of their time`, () => {
            const healthCheck = { ...defaults.healthCheck, unhealthyThreshold, intervalSeconds, timeoutSeconds };
            const rollout = { ...defaults, healthCheck } as Parameters<typeof noticeSecondsOf>[0]["rollout"];
            assert.ok(Math.abs(noticeSecondsOf({ rollout, options: sampleOptions({ timeScale }) }) - seconds) < 1e-9);
        });
    }
});
