import assert from "node:assert/strict";
import { missingMinutes, unhealthyMinutes } from "../../components/out-of-service";
import { forecast } from "../../release/forecast";
import { oneAtATime } from "../../release/minimum-healthy-hosts";
import { defaults, healthCheckGraceSeconds, prePullSeconds, readinessSeconds, type RolloutPlan, typicalWork } from "../../release/rollout";

describe("the minutes for which hosts may be out", () => {
    it("are longer than a wave's hosts are unhealthy", () => {
        // 2 + 1 checks, every 5 s, are within one minute.
        assert.equal(unhealthyMinutes(defaults), 2);
        const slow: RolloutPlan = { ...defaults, healthCheck: { ...defaults.healthCheck, intervalSeconds: 60, healthyThreshold: 4 } };
        assert.equal(unhealthyMinutes(slow), 6);
    });

    it("are longer than a new host takes to boot and to get its first release", () => {
        assert.equal(missingMinutes(defaults), healthCheckGraceSeconds / 60 + 1);
        assert.equal(missingMinutes({ ...defaults, healthCheckGraceSeconds: 1800 }), 31);
    });

    it("are longer than the slowest sound rollout over the fleet at any of its sizes", () => {
        for (const plan of [
            { ...defaults, minSize: 4, maxSize: 12, minimumHealthyHosts: oneAtATime },
            { ...defaults, minSize: 4, maxSize: 40, minimumHealthyHosts: { type: "HOST_COUNT", value: 3 } },
            { ...defaults, drainSeconds: 900 },
            { ...defaults, minSize: 8, maxSize: 8, minimumHealthyHosts: oneAtATime, stopGraceSeconds: 100 },
        ] satisfies RolloutPlan[]) {
            const work = { ...typicalWork, stop: plan.stopGraceSeconds, pull: prePullSeconds, validate: readinessSeconds };
            for (const minSize of [plan.minSize, plan.maxSize]) {
                const { rolloutSeconds, waves } = forecast({ ...plan, minSize }, { work });
                assert.ok(missingMinutes(plan) * 60 > rolloutSeconds, `${waves.length} waves take ${rolloutSeconds} s`);
            }
        }
    });

    it("are those of the size with the most waves, which may be the least", () => {
        // Half of three is two, so three go one by one, but four in two halves.
        const [three, four] = [3, 4].map(size => missingMinutes({ ...defaults, drainSeconds: 600, minSize: size, maxSize: size }));
        assert.ok(three !== undefined && four !== undefined && three > four);
        assert.equal(missingMinutes({ ...defaults, drainSeconds: 600, minSize: 3, maxSize: 4 }), three);
    });

    it("grow with each wave and step", () => {
        const plan: RolloutPlan = { ...defaults, minSize: 8, maxSize: 8, minimumHealthyHosts: oneAtATime };
        assert.equal(missingMinutes(plan), 29);
        assert.equal(missingMinutes({ ...plan, minSize: 4 }), 29);
        assert.equal(missingMinutes({ ...plan, stopGraceSeconds: 100 }), 38);
    });

    it("count the waves of each zone that a rollout takes for itself", () => {
        // Three hosts in each zone: by one in three waves, though half of all six would roll in two.
        const plan: RolloutPlan = { ...defaults, minSize: 6, maxSize: 6, drainSeconds: 300 };
        assert.equal(missingMinutes(plan), 18);
        assert.equal(missingMinutes({ ...plan, zones: 2 }), 50);
    });

    it("are no more than the eight hours after which CodeDeploy ends a rollout", () => {
        assert.equal(missingMinutes({ ...defaults, minSize: 1000, maxSize: 1000, minimumHealthyHosts: oneAtATime }), 8 * 60 + 1);
    });

    it("are no more than the day that CloudWatch looks back", () => {
        assert.equal(missingMinutes({ ...defaults, healthCheckGraceSeconds: 2 * 86_400 }), 86_400 / 60);
        const slow: RolloutPlan = { ...defaults, healthCheck: { ...defaults.healthCheck, intervalSeconds: 9000, healthyThreshold: 10 } };
        assert.equal(unhealthyMinutes(slow), 86_400 / 60);
    });

    it("are those of the least size when that is also said to be the most", () => {
        assert.equal(missingMinutes({ ...defaults, minSize: 4, maxSize: 2 }), missingMinutes(defaults));
    });
});
