import assert from "node:assert/strict";
import fc from "fast-check";
import { scaleDrainMs, scaleWaits } from "../../rehearsal/time-scale";
import { defaults } from "../../release/rollout";

describe("time scale", () => {
    it("leaves every wait as it is on AWS at 1", () => {
        assert.deepEqual(scaleWaits(defaults.healthCheck, 1), {
            healthIntervalMs: 5000, healthTimeoutMs: 3000, eventGapMs: 1100, allowTrafficMs: 3_600_000, lostHost: { betweenEventsMs: 300_000, inEventMs: 3_600_000 },
        });
        assert.equal(scaleDrainMs(20, 1, 60_000), 20_000);
    });

    it("shortens waits, but lets a health check use almost its whole interval", () => {
        assert.deepEqual(scaleWaits(defaults.healthCheck, 0.1), {
            healthIntervalMs: 500, healthTimeoutMs: 450, eventGapMs: 110, allowTrafficMs: 360_000, lostHost: { betweenEventsMs: 30_000, inEventMs: 360_000 },
        });
    });

    it("keeps a shortened drain above the slowest request of the load", () => {
        assert.equal(scaleDrainMs(20, 0.1, 1_200), 2_000);
        assert.equal(scaleDrainMs(20, 0.1, 2_600), 3_100);
    });

    it("does not invent a drain where there is none", () => {
        assert.equal(scaleDrainMs(0, 0.1, 1_200), 0);
    });

    it("keeps every health time-out below its interval", () => {
        const seconds = fc.integer({ min: 5, max: 300 });
        fc.assert(fc.property(seconds, fc.integer({ min: 2, max: 120 }), fc.double({ min: 0.01, max: 1, noNaN: true }), (interval, timeout, scale) => {
            fc.pre(timeout < interval);
            const waits = scaleWaits({ ...defaults.healthCheck, intervalSeconds: interval, timeoutSeconds: timeout }, scale);
            return waits.healthTimeoutMs < waits.healthIntervalMs;
        }));
    });
});
