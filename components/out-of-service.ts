import { forecast, mostWaves } from "../release/forecast";
import { longestDeploymentSeconds, prePullSeconds, readinessSeconds, type RolloutPlan, typicalWork } from "../release/rollout";

/**
 * Minutes of a day, the most that CloudWatch looks back over periods of less than an hour. An alarm of more is refused.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
const mostMinutes = 24 * 60;

/**
 * Minutes in a row for which a target may be unhealthy and nothing is wrong. In each wave the load balancer takes a while to find
 * its hosts healthy again; one minute more, because that while need not begin with a minute of the metric.
 */
export function unhealthyMinutes(plan: RolloutPlan): number {
    return minutesBeyond(forecast(plan).secondsPerPhase.healthy);
}

/**
 * Minutes in a row for which hosts may be missing and nothing is wrong: as long as the slowest sound rollout, in which one wave
 * follows the other too fast for a minute of the metric to see all hosts there; and as long as a new host takes to boot and to get
 * its first release.
 */
export function missingMinutes(plan: RolloutPlan): number {
    return minutesBeyond(Math.max(longestRolloutSeconds(plan), plan.healthCheckGraceSeconds));
}

/**
 * The same with two colours, of which neither is rolled out over: as long as a new host may take to boot and to get its first release. The idle one is
 * filled faster; a fill that takes longer, up to its deadlines of more than an hour, is worth a look.
 */
export function missingMinutesOfColour({ healthCheckGraceSeconds }: RolloutPlan): number {
    return minutesBeyond(healthCheckGraceSeconds);
}

function longestRolloutSeconds(plan: RolloutPlan): number {
    // As slow as each step may be before it counts as a fault.
    const work = { ...typicalWork, stop: plan.stopGraceSeconds, pull: prePullSeconds, validate: readinessSeconds };
    // A large fleet, one host at a time, may be as slow as that only until CodeDeploy ends the rollout.
    return Math.min(mostWaves(plan) * forecast(plan, { work }).waveSeconds, longestDeploymentSeconds);
}

function minutesBeyond(seconds: number): number {
    return Math.min(Math.ceil(seconds / 60) + 1, mostMinutes);
}
