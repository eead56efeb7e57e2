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
 */
export function missingMinutes(plan: RolloutPlan): number {
    return minutes(Math.max(longestRolloutSeconds(plan), plan.healthCheckGraceSeconds)) + 1;
}

function longestRolloutSeconds(plan: RolloutPlan): number {
    // As slow as each step may be before it counts as a fault.
    const work = { ...typicalWork, stop: plan.stopGraceSeconds, pull: prePullSeconds, validate: readinessSeconds };
    return mostWaves(plan) * forecast(plan, 1, work).waveSeconds;
}

/** Waves over the fleet at the size that has the most: one at a time that is the largest, by a percentage it may be an odd one. */
function mostWaves({ minSize, maxSize, minimumHealthyHosts, zones = 1 }: RolloutPlan): number {
    const [least, most] = [Math.max(1, Math.floor(minSize / zones)), Math.ceil(Math.max(minSize, maxSize) / zones)];
    const sizes = Array.from({ length: most - least + 1 }, (_, more) => least + more);
    return zones * Math.max(...sizes.map(size => waves(size, minimumHealthyHosts).length));
}

function minutes(seconds: number): number {
    return Math.ceil(seconds / 60);
}
