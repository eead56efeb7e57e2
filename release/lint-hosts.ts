import { forecast, mostWaves } from "./forecast";
import { minimumHealthy, waves } from "./minimum-healthy-hosts";
import type { Relation } from "./relation";
import { deploymentOverheadSeconds, longestDeploymentSeconds, type RolloutPlan } from "./rollout";

/** Beyond that, a larger wave costs no capacity that anybody would miss. */
const mostUsefulWaves = 10;

/** What must hold between the size of a fleet and the hosts of it that have to stay healthy. */
export const hostRelations: readonly Relation[] = [
    {
        severity: "error",
        key: "maxSize",
        broken: plan => plan.maxSize < plan.minSize,
        rule: plan => `must be at least minSize (${plan.minSize})`,
        fix: plan => `set maxSize to ${plan.minSize} or more`,
    },
    {
        severity: "error",
        of: "rolling",
        key: "minSize",
        broken: plan => sizes(plan).length === 0,
        rule: plan => `must exceed the ${minimum(plan)} that has to stay healthy, or CodeDeploy refuses every rollout`,
        // Larger fleets let go at least as many, so what minSize can, every size up to maxSize can.
        fix: plan => {
            const enough = smallestThatRolls(plan);
            return enough === undefined ? "set deploymentConfig to a lower minimum" : `set minSize to ${enough} or more`;
        },
    },
    {
        severity: "error",
        of: "rolling",
        key: "minSize",
        broken: plan => sizes(plan)[0] === plan.minSize,
        rule: () => "must leave an instance in service: this rollout takes all out at once and clients get 503",
        fix: () => "set deploymentConfig to HalfAtATime, with a minSize of 2 or more",
    },
    {
        severity: "warning",
        of: "rolling",
        key: "deploymentConfig",
        broken: plan => sizes(plan)[0] !== plan.minSize && 2 * minimumHealthy(plan.maxSize, plan.minimumHealthyHosts) < plan.maxSize,
        rule: plan =>
            "should keep half of the fleet in service also when it has grown, which it did because it was busy: " +
            `of ${plan.maxSize} instances ${minimumHealthy(plan.maxSize, plan.minimumHealthyHosts)} would stay`,
        fix: () => "set deploymentConfig to a percentage of 50% or more",
    },
    {
        severity: "warning",
        of: "rolling",
        key: "deploymentConfig",
        broken: plan => plan.minimumHealthyHosts.type === "FLEET_PERCENT" && sizes(plan).length > mostUsefulWaves,
        rule: plan =>
            `should need ${mostUsefulWaves} waves at most, of a minute or so each: ` +
            `${plan.minSize} instances roll in ${sizes(plan).length}`,
        fix: () => "set deploymentConfig to a lower percentage; HalfAtATime needs two waves",
    },
    {
        severity: "error",
        of: "rolling",
        key: "deploymentConfig",
        broken: plan => longestRolloutSeconds(plan) > longestDeploymentSeconds,
        rule: plan =>
            `must let a rollout end within the ${longestDeploymentSeconds / 3600} hours that CodeDeploy gives it: ` +
            `${mostWaves(plan)} waves over up to ${Math.max(plan.minSize, plan.maxSize)} instances take about ${(longestRolloutSeconds(plan) / 3600).toFixed(1)} hours`,
        fix: ({ minimumHealthyHosts, zoneMonitorSeconds = 0 }) =>
            `set deploymentConfig to a lower minimum,${minimumHealthyHosts.type === "FLEET_PERCENT" ? "" : " such as HalfAtATime,"} ` +
            `or drainSeconds${zoneMonitorSeconds > 0 ? ", zoneMonitorSeconds" : ""} or maxSize to less`,
    },
    {
        severity: "error",
        of: "rolling",
        key: "zoneByZone",
        broken: ({ zones, minimumHealthyHosts }) => zones !== undefined && minimumHealthyHosts.type !== "FLEET_PERCENT",
        rule: () => "must go with a percentage: a count of hosts in the fleet says nothing of how many stay in a zone",
        fix: () => "set deploymentConfig to a percentage such as 50%, or zoneByZone to false",
    },
    {
        severity: "error",
        of: "rolling",
        key: "zoneByZone",
        broken: plan =>
            plan.zones !== undefined && plan.minimumHealthyHosts.type === "FLEET_PERCENT" && sizes(plan).length > 0
            && waves(smallestZone(plan), plan.minimumHealthyHosts).length === 0,
        rule: plan =>
            `must let an instance of each zone go: ${minimumHealthy(smallestZone(plan), plan.minimumHealthyHosts)} ` +
            `of the ${smallestZone(plan)} in a zone have to stay healthy`,
        fix: plan => {
            const enough = smallestThatRolls({ ...plan, minSize: smallestZone(plan) });
            // A percentage that lets an instance of the fleet go also lets one of a zone go that is as large.
            return `set minSize to ${(enough ?? plan.minSize) * (plan.zones ?? 1)} or more, or zoneByZone to false`;
        },
    },
    {
        severity: "warning",
        of: "rolling",
        key: "minSize",
        broken: plan => sizes(plan).length > waves(plan.minSize + 1, plan.minimumHealthyHosts).length,
        rule: plan =>
            "should not need a wave more than a larger fleet: " +
            `${plan.minSize} instances roll in ${sizes(plan).length} waves of ${sizes(plan).join(", ")}`,
        fix: plan =>
            `set minSize to ${plan.minSize + 1} for ${waves(plan.minSize + 1, plan.minimumHealthyHosts).length} waves`,
    },
];

/** Instances of the zone that has the fewest, since they are spread evenly; a zone without any holds up nothing. */
function smallestZone({ minSize, zones = 1 }: RolloutPlan): number {
    return Math.max(1, Math.floor(minSize / zones));
}

function sizes(plan: RolloutPlan): readonly number[] {
    return waves(plan.minSize, plan.minimumHealthyHosts);
}

/** Forecast seconds of a rollout over the fleet at its slowest size; 0 for a fleet that cannot roll at all. */
function longestRolloutSeconds(plan: RolloutPlan): number {
    const { zones = 1, zoneMonitorSeconds = 0 } = plan;
    if (!Number.isSafeInteger(plan.minSize + plan.maxSize) || sizes(plan).length === 0) return 0;
    return mostWaves(plan) * forecast(plan).waveSeconds + (zones - 1) * zoneMonitorSeconds + deploymentOverheadSeconds;
}

function minimum(plan: RolloutPlan): number {
    return minimumHealthy(plan.minSize, plan.minimumHealthyHosts);
}

function smallestThatRolls({ minSize, minimumHealthyHosts }: RolloutPlan): number | undefined {
    // A percentage that lets no host of 100 more go lets none go at all.
    return Array.from({ length: 100 }, (_, more) => minSize + more + 1).find(
        hosts => waves(hosts, minimumHealthyHosts).length > 0,
    );
}
