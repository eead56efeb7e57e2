import { forecast } from "../release/forecast";
import { waves } from "../release/minimum-healthy-hosts";
import { prePullSeconds, readinessSeconds, type RolloutPlan, typicalWork } from "../release/rollout";

/**
 * Minutes in a row for which a target may be unhealthy and nothing is wrong. In each wave the load balancer takes a while to find
 * its hosts healthy again; one minute more, because that while need not begin with a minute of the metric.
 */
export function unhealthyMinutes(plan: RolloutPlan): number {
    return minutes(forecast(plan).secondsPerPhase.healthy) + 1;
}

/**
 * Minutes in a row for which hosts may be missing and nothing is wrong: as long as the slowest sound rollout, in which one wave
 * follows the other too fast for a minute of the metric to see all hosts there; and as long as a new host takes to boot and to get
 * its first release.
 * @param zones Zones that a rollout goes through one after the other.
 */
export function missingMinutes(plan: RolloutPlan, zones = 1): number {
    return minutes(Math.max(longestRolloutSeconds(plan, zones), plan.healthCheckGraceSeconds)) + 1;
}

function longestRolloutSeconds(plan: RolloutPlan, zones: number): number {
    // As slow as each step may be before it counts as a fault.
    const work = { ...typicalWork, stop: plan.stopGraceSeconds, pull: prePullSeconds, validate: readinessSeconds };
    return mostWaves(plan) * zones * forecast(plan, 1, work).waveSeconds;
}

/** Waves of the fleet size that has the most: one at a time that is the largest, a fixed number that stays may be the smallest. */
function mostWaves({ minSize, maxSize, minimumHealthyHosts }: RolloutPlan): number {
    const sizes = Array.from({ length: Math.max(maxSize - minSize, 0) + 1 }, (_, more) => minSize + more);
    return Math.max(...sizes.map(size => waves(size, minimumHealthyHosts).length));
}

function minutes(seconds: number): number {
    return Math.ceil(seconds / 60);
}
