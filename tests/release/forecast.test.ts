import assert from "node:assert/strict";
import fc from "fast-check";
import { ReleaseError } from "../../release/error";
import { forecast, phaseOfEvent } from "../../release/forecast";
import { lifecycleEvents } from "../../release/lifecycle";
import { defaults, type RolloutPlan, type WorkSeconds } from "../../release/rollout";

const work: WorkSeconds = { stop: 1, download: 2, pull: 3, install: 4, run: 5, validate: 6, noticeFailure: 100 };
const four: RolloutPlan = { ...defaults, minSize: 4 };

function close(actual: number, expected: number): void {
    assert.ok(Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`);
}

describe("the forecast", () => {
    it("tells where the seconds of a wave go", () => {
        const { secondsPerPhase, waveSeconds } = forecast(four, { work });
        close(secondsPerPhase.gaps, 13 * 1.1);
        assert.deepEqual(
            { ...secondsPerPhase, gaps: 0 },
            { pull: 3, drain: 25, download: 2, install: 4, start: 1 + 5, validate: 6, healthy: 15, gaps: 0 },
        );
        close(waveSeconds, 14.3 + 25 + 21 + 15);
    });

    it("multiplies the wave by the waves", () => {
        const { waves, rolloutSeconds } = forecast(four, { work });
        assert.deepEqual(waves, [2, 2]);
        close(rolloutSeconds, 2 * 75.3 + 5);
    });

    it("adds the notice of a failure to a whole new deployment for a rollback", () => {
        close(forecast(four, { work }).rollbackSeconds, 100 + 2 * 75.3 + 5);
    });

    it("bounds the rollout from below by the drain, the gaps, one change of container and one passed check in each wave", () => {
        close(forecast(four, { work }).lowerBoundSeconds, 2 * (20 + 14.3 + 6 + 5));
    });

    it("counts the seconds of every event to a phase", () => {
        assert.deepEqual(Object.keys(phaseOfEvent), lifecycleEvents);
        const phases = Object.keys(forecast(four).secondsPerPhase).filter(phase => phase !== "gaps");
        assert.deepEqual(new Set(Object.values(phaseOfEvent)), new Set(phases));
    });

    it("knows others than CodeDeploy, who notice at once and check more often", () => {
        const habits = { pollSeconds: 0, overheadSeconds: 0, checks: () => 0.5, fewestChecks: 0 };
        const { secondsPerPhase: { drain, healthy }, rolloutSeconds, lowerBoundSeconds } = forecast(four, { work, habits });
        assert.deepEqual([drain, healthy], [20, 2.5]);
        close(rolloutSeconds, 2 * (14.3 + 20 + 21 + 2.5));
        close(lowerBoundSeconds, 2 * (20 + 14.3 + 6));
    });

    it("scales what the service waits for and leaves work as it is", () => {
        const { secondsPerPhase, rolloutSeconds, rollbackSeconds, lowerBoundSeconds } = forecast(four, { scale: 0.1, work });
        const { gaps, drain, healthy, ...worked } = secondsPerPhase;
        close(gaps, 1.43);
        close(drain, 2.5);
        close(healthy, 1.5);
        assert.deepEqual(worked, { pull: 3, download: 2, install: 4, start: 6, validate: 6 });
        close(rolloutSeconds, 2 * (1.43 + 2.5 + 1.5 + 21) + 0.5);
        close(rollbackSeconds, 100 + rolloutSeconds);
        close(lowerBoundSeconds, 2 * (2 + 1.43 + 6 + 0.5));
    });

    it("leaves out the load balancer's events, the drain and the way back into service without traffic control", () => {
        const { secondsPerPhase, lowerBoundSeconds } = forecast(four, { work, trafficControl: false });
        const { gaps, drain, healthy } = secondsPerPhase;
        close(gaps, 7 * 1.1);
        assert.deepEqual([drain, healthy], [0, 0]);
        close(lowerBoundSeconds, 2 * (7 * 1.1 + 6));
    });

    for (const [hosts, floor] of [
        [2, 1 / 2],
        [3, 2 / 3],
        [4, 1 / 2],
        [5, 3 / 5],
        [7, 4 / 7],
    ] as const) {
        it(`keeps ${floor.toFixed(2)} of ${hosts} instances in service`, () => {
            close(forecast({ ...defaults, minSize: hosts }).capacityFloor, floor);
        });
    }

    it("puts the default rollout of 2 or 4 instances at two minutes, as the arithmetic for tuned settings does", () => {
        for (const minSize of [2, 4]) {
            const minutes = forecast({ ...defaults, minSize }).rolloutSeconds / 60;
            assert.ok(minutes > 1.4 && minutes < 2.1, `${minutes}`);
        }
    });

    it("has none for a fleet that cannot roll", () => {
        assert.throws(
            () => forecast({ ...defaults, minSize: 1 }),
            new ReleaseError("minSize 1 cannot roll: 1 must stay healthy, so no instance may be taken out"),
        );
    });

    it("never beats its own lower bound, whatever the plan", () => {
        const seconds = fc.integer({ min: 0, max: 400 });
        const scale = fc.constantFrom(0.1, 0.5, 1);
        fc.assert(
            fc.property(fc.integer({ min: 2, max: 30 }), seconds, scale, (minSize, drainSeconds, factor) => {
                const { rolloutSeconds, lowerBoundSeconds } = forecast({ ...defaults, minSize, drainSeconds }, { scale: factor });
                assert.ok(rolloutSeconds > lowerBoundSeconds);
            }),
        );
    });
});
