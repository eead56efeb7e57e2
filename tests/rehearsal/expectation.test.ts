import assert from "node:assert/strict";
import { expectColours } from "../../rehearsal/blue-green/expect-colours";
import { expectRolling } from "../../rehearsal/expectation";
import { planRehearsal } from "../../rehearsal/plan";
import { forecastRoll } from "../../release/blue-green/forecast";
import { forecast } from "../../release/forecast";
import { eventGapSeconds, typicalRollWork, typicalWork } from "../../release/rollout";
import { sampleFacts, sampleOptions } from "./sample-facts";

const plan = planRehearsal(sampleFacts(), sampleOptions({ instances: 4, seed: 9 }));
const work = { ...typicalWork, pull: 0.1, stop: 0.2, run: 1, validate: 0.3 };
const found = { drainMs: 2000, trafficControl: true };

function close(actual: number, expected: number): void {
    assert.ok(Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`);
}

describe("what a rehearsal is expected to come to", () => {
    it("has waits of this rehearsal, work of this machine, and nobody who polls", () => {
        const { forecast: here } = expectRolling(plan, work, found);
        const { drain, healthy, gaps, start, pull } = here.secondsPerPhase;
        close(drain, 2);
        close(healthy, 0.25);
        close(gaps, 1.3 * eventGapSeconds);
        close(start, 1.2);
        close(pull, 0.1);
        close(here.rolloutSeconds, 2 * here.waveSeconds);
    });

    it("knows that a drain outlives the slowest request here, however short it is on AWS", () => {
        const quick = planRehearsal(sampleFacts({ targetGroup: { ...sampleFacts().targetGroup, drainSeconds: 12 } }), sampleOptions({ instances: 4 }));
        const { forecast: here, onAws } = expectRolling(quick, work, { ...found, drainMs: 1700 });
        close(here.secondsPerPhase.drain, 1.7);
        close(onAws.secondsPerPhase.drain, 12 + 5);
    });

    it("is on AWS what the forecast says of the plan, with typical work and CodeDeploy's habits", () => {
        assert.deepEqual(expectRolling(plan, work, found).onAws, forecast(plan.rollout));
        const blind = planRehearsal(sampleFacts({ withTrafficControl: false }), sampleOptions({ instances: 4 }));
        assert.deepEqual(expectRolling(blind, work, { ...found, trafficControl: false }).onAws, forecast(plan.rollout, { trafficControl: false }));
    });

    it("is in the negative control the stage's own on AWS, and without a drain here", () => {
        const control = planRehearsal(sampleFacts(), sampleOptions({ instances: 4, draining: false }));
        const { forecast: here, onAws, settings } = expectRolling(control, work, { ...found, trafficControl: false });
        assert.deepEqual(onAws, forecast(plan.rollout));
        assert.deepEqual([settings.trafficControl, settings.here.drainMs, here.secondsPerPhase.drain], [true, 0, 0]);
    });

    it("is told with the settings as they are on AWS and as they are here, and with the command that asks for it again", () => {
        const { settings, reproduce } = expectRolling(plan, work, found);
        assert.deepEqual(settings, {
            drainSeconds: 20, stopGraceSeconds: 30, idleTimeoutSeconds: 60, longestRequestSeconds: 10, healthCheck: sampleFacts().targetGroup.healthCheck,
            minimumHealthyHosts: "HalfAtATime", trafficControl: true, rollBackOnFailure: true,
            here: { drainMs: 2000, healthIntervalMs: 500, healthTimeoutMs: 450, eventGapMs: 110 },
        });
        assert.equal(reproduce, "./gapless rehearse dev --instances 4 --seed 9");
    });

    it("has with blue/green the boot as a wait, a tenth of AWS's, and shares and bakes that were asked for", () => {
        const shifting = { shiftPercents: [10, 100], bakeSeconds: 60, warmSeconds: 600 };
        const { forecast: here, onAws } = expectColours(plan, shifting, { ...typicalRollWork, ...work, boot: 120 }, 2000);
        close(here.secondsPerStep["boot"] ?? NaN, 12);
        close(here.secondsPerStep["bake"] ?? NaN, 6);
        close(here.secondsPerStep["install"] ?? NaN, 2 + 1.3 * eventGapSeconds + 0.25 + work.download + 0.1 + work.install + 1 + 0.3);
        // Boot, start and both bakes, the drain and the gaps: here a check may come at once.
        close(here.lowerBoundSeconds, 12 + 1 + 2 * 6 + 2 + 1.3 * eventGapSeconds);
        assert.deepEqual(onAws, forecastRoll({ ...plan.rollout, ...shifting }));
    });

    it("drains nothing here in the negative control with blue/green", () => {
        const control = { ...plan, options: sampleOptions({ draining: false }) };
        const { forecast: here, onAws } = expectColours(control, { shiftPercents: [100], bakeSeconds: 0, warmSeconds: 0 }, { ...typicalRollWork, ...work }, 0);
        close((onAws.secondsPerStep["install"] ?? NaN), forecastRoll(plan.rollout).secondsPerStep.install);
        close(here.secondsPerStep["install"] ?? NaN, 1.3 * eventGapSeconds + 0.25 + work.download + 0.1 + work.install + 1 + 0.3);
    });
});
