import { minimumHealthy, printMinimumHealthyHosts, waves } from "./minimum-healthy-hosts";
import { longestStopGraceSeconds, readinessSeconds, type RolloutPlan, stopMarginSeconds, stopTimeoutSeconds, strayRequestSeconds } from "./rollout";

/** What is wrong with a plan, and what to do about it. */
export interface Finding {
    /** An error loses requests or is refused by AWS; a warning costs time or needs a look. */
    readonly severity: "error" | "warning";
    /** The setting to change, such as `drainSeconds`. */
    readonly key: string;
    readonly rule: string;
    /** The setting's value. */
    readonly received: string;
    readonly fix: string;
}

// A plan's numbers by the names of the settings that they come from.
const read = {
    minSize: plan => plan.minSize,
    maxSize: plan => plan.maxSize,
    drainSeconds: plan => plan.drainSeconds,
    stopGraceSeconds: plan => plan.stopGraceSeconds,
    longestRequestSeconds: plan => plan.longestRequestSeconds,
    idleTimeoutSeconds: plan => plan.idleTimeoutSeconds,
    healthIntervalSeconds: plan => plan.healthCheck.intervalSeconds,
    healthTimeoutSeconds: plan => plan.healthCheck.timeoutSeconds,
    healthyThreshold: plan => plan.healthCheck.healthyThreshold,
    unhealthyThreshold: plan => plan.healthCheck.unhealthyThreshold,
    bootTimeoutSeconds: plan => plan.bootTimeoutSeconds,
    healthCheckGraceSeconds: plan => plan.healthCheckGraceSeconds,
} as const satisfies Record<string, (plan: RolloutPlan) => number>;

const readText = {
    deploymentConfig: plan => printMinimumHealthyHosts(plan.minimumHealthyHosts),
    zoneByZone: plan => String(plan.zones !== undefined),
} as const satisfies Record<string, (plan: RolloutPlan) => string>;

interface Range {
    readonly key: keyof typeof read;
    readonly from: number;
    readonly to: number;
}

interface Relation {
    readonly severity: Finding["severity"];
    readonly key: keyof typeof read | keyof typeof readText;
    readonly broken: (plan: RolloutPlan) => boolean;
    readonly rule: (plan: RolloutPlan) => string;
    readonly fix: (plan: RolloutPlan) => string;
}

/** Beyond that, a larger wave costs no capacity that anybody would miss. */
const mostUsefulWaves = 10;

/** Everything that is wrong with a plan, errors and warnings; nothing for a sound one. */
export function lintPlan(plan: RolloutPlan): readonly Finding[] {
    const outOfRange = ranges.filter(range => !inRange(range, plan));
    // A value that is wrong by itself is not compared with others: one finding tells it better than three.
    const wrong = new Set<Relation["key"]>(outOfRange.map(range => range.key));
    const broken = relations.filter(relation => !wrong.has(relation.key) && relation.broken(plan));
    return [
        ...outOfRange.map(range => rangeFinding(range, plan)),
        ...broken.map(relation => relationFinding(relation, plan)),
    ];
}

// What AWS accepts (API references of Elastic Load Balancing, Auto Scaling); for the rest, what makes sense at all.
const ranges: readonly Range[] = [
    { key: "minSize", from: 1, to: Infinity },
    { key: "maxSize", from: 1, to: Infinity },
    { key: "drainSeconds", from: 0, to: 3600 },
    { key: "stopGraceSeconds", from: 1, to: Infinity },
    { key: "longestRequestSeconds", from: 1, to: 3600 },
    { key: "idleTimeoutSeconds", from: 1, to: 4000 },
    { key: "healthIntervalSeconds", from: 5, to: 300 },
    { key: "healthTimeoutSeconds", from: 2, to: 120 },
    { key: "healthyThreshold", from: 2, to: 10 },
    { key: "unhealthyThreshold", from: 2, to: 10 },
    { key: "bootTimeoutSeconds", from: 30, to: 7200 },
];

const relations: readonly Relation[] = [
    {
        severity: "error",
        key: "drainSeconds",
        broken: plan => plan.drainSeconds < plan.longestRequestSeconds,
        rule: plan => `must be at least longestRequestSeconds (${plan.longestRequestSeconds}): its end cuts open requests`,
        fix: plan => `set drainSeconds to ${plan.longestRequestSeconds} or more`,
    },
    {
        severity: "warning",
        key: "drainSeconds",
        broken: plan => plan.drainSeconds >= plan.longestRequestSeconds && plan.drainSeconds < strayRequestSeconds,
        rule: () => `should be at least ${strayRequestSeconds}: so long were requests seen to reach a draining instance`,
        fix: () => "set drainSeconds to 20, or keep it if you have measured yours",
    },
    {
        severity: "error",
        key: "stopGraceSeconds",
        broken: plan => plan.stopGraceSeconds < plan.longestRequestSeconds,
        rule: plan => `must be at least longestRequestSeconds (${plan.longestRequestSeconds}): its end kills the container`,
        fix: plan => `set stopGraceSeconds to ${plan.longestRequestSeconds} or more`,
    },
    {
        severity: "error",
        key: "stopGraceSeconds",
        broken: plan => plan.stopGraceSeconds > longestStopGraceSeconds,
        rule: () =>
            `must leave ${stopMarginSeconds} s of the ${stopTimeoutSeconds} s after which the agent ends the stop script`,
        fix: () =>
            `set stopGraceSeconds to ${longestStopGraceSeconds} or less, or raise the timeout in ` +
            "app-scripts/appspec.yml and release/rollout.ts",
    },
    {
        severity: "warning",
        key: "longestRequestSeconds",
        broken: plan => plan.longestRequestSeconds > plan.idleTimeoutSeconds,
        rule: plan =>
            `should be at most idleTimeoutSeconds (${plan.idleTimeoutSeconds}): ` +
            "the load balancer answers 504 when nothing was sent for so long",
        fix: plan =>
            `raise idleTimeoutSeconds, to ${plan.keepAliveSeconds - 1} at most, ` +
            "unless the service sends a part of its answer in between",
    },
    {
        severity: "error",
        key: "idleTimeoutSeconds",
        broken: plan => plan.idleTimeoutSeconds >= plan.keepAliveSeconds,
        rule: plan =>
            `must be below the ${plan.keepAliveSeconds} s that the service keeps an idle connection open, ` +
            "or now and then a request meets a closed connection and gets 502",
        fix: plan => `set idleTimeoutSeconds to ${plan.keepAliveSeconds - 1} or less`,
    },
    {
        severity: "error",
        key: "healthTimeoutSeconds",
        broken: ({ healthCheck }) => healthCheck.timeoutSeconds >= healthCheck.intervalSeconds,
        rule: ({ healthCheck }) => `must be below healthIntervalSeconds (${healthCheck.intervalSeconds})`,
        fix: ({ healthCheck }) => `set healthTimeoutSeconds to ${healthCheck.intervalSeconds - 1} or less`,
    },
    {
        severity: "warning",
        key: "healthTimeoutSeconds",
        broken: ({ healthCheck }) => healthCheck.timeoutSeconds > readinessSeconds,
        rule: () => `should be at most ${readinessSeconds}: so long a host waits for its new container to be healthy`,
        fix: () => `set healthTimeoutSeconds to ${readinessSeconds} or less`,
    },
    {
        severity: "error",
        key: "healthCheckGraceSeconds",
        broken: plan => plan.healthCheckGraceSeconds < plan.bootTimeoutSeconds,
        rule: plan => `must be at least bootTimeoutSeconds (${plan.bootTimeoutSeconds}), or booting instances are replaced`,
        fix: plan => `set healthCheckGraceSeconds to ${plan.bootTimeoutSeconds} or more`,
    },
    {
        severity: "error",
        key: "maxSize",
        broken: plan => plan.maxSize < plan.minSize,
        rule: plan => `must be at least minSize (${plan.minSize})`,
        fix: plan => `set maxSize to ${plan.minSize} or more`,
    },
    {
        severity: "error",
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
        key: "minSize",
        broken: plan => sizes(plan)[0] === plan.minSize,
        rule: () => "must leave an instance in service: this rollout takes all out at once and clients get 503",
        fix: () => "set deploymentConfig to HalfAtATime, with a minSize of 2 or more",
    },
    {
        severity: "warning",
        key: "deploymentConfig",
        broken: plan => sizes(plan)[0] !== plan.minSize && 2 * minimumHealthy(plan.maxSize, plan.minimumHealthyHosts) < plan.maxSize,
        rule: plan =>
            "should keep half of the fleet in service also when it has grown, which it did because it was busy: " +
            `of ${plan.maxSize} instances ${minimumHealthy(plan.maxSize, plan.minimumHealthyHosts)} would stay`,
        fix: () => "set deploymentConfig to a percentage of 50% or more",
    },
    {
        severity: "warning",
        key: "deploymentConfig",
        broken: plan => plan.minimumHealthyHosts.type === "FLEET_PERCENT" && sizes(plan).length > mostUsefulWaves,
        rule: plan =>
            `should need ${mostUsefulWaves} waves at most, of a minute or so each: ` +
            `${plan.minSize} instances roll in ${sizes(plan).length}`,
        fix: () => "set deploymentConfig to a lower percentage; HalfAtATime needs two waves",
    },
    {
        severity: "error",
        key: "zoneByZone",
        broken: ({ zones, minimumHealthyHosts }) => zones !== undefined && minimumHealthyHosts.type !== "FLEET_PERCENT",
        rule: () => "must go with a percentage: a count of hosts in the fleet says nothing of how many stay in a zone",
        fix: () => "set deploymentConfig to a percentage such as 50%, or zoneByZone to false",
    },
    {
        severity: "error",
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
        key: "minSize",
        broken: plan => sizes(plan).length > waves(plan.minSize + 1, plan.minimumHealthyHosts).length,
        rule: plan =>
            "should not need a wave more than a larger fleet: " +
            `${plan.minSize} instances roll in ${sizes(plan).length} waves of ${sizes(plan).join(", ")}`,
        fix: plan =>
            `set minSize to ${plan.minSize + 1} for ${waves(plan.minSize + 1, plan.minimumHealthyHosts).length} waves`,
    },
];

function inRange({ key, from, to }: Range, plan: RolloutPlan): boolean {
    const value = read[key](plan);
    return Number.isInteger(value) && value >= from && value <= to;
}

function rangeFinding({ key, from, to }: Range, plan: RolloutPlan): Finding {
    const limits = to === Infinity ? `of ${from} or more` : `from ${from} to ${to}`;
    return {
        severity: "error",
        key,
        rule: `must be a whole number ${limits}`,
        received: String(read[key](plan)),
        fix: `set ${key} to a whole number ${limits}`,
    };
}

function relationFinding({ severity, key, rule, fix }: Relation, plan: RolloutPlan): Finding {
    const received = key in readText ? readText[key as keyof typeof readText](plan) : String(read[key as keyof typeof read](plan));
    return { severity, key, rule: rule(plan), received, fix: fix(plan) };
}

/** Instances of the zone that has the fewest, since they are spread evenly; a zone without any holds up nothing. */
function smallestZone({ minSize, zones = 1 }: RolloutPlan): number {
    return Math.max(1, Math.floor(minSize / zones));
}

function sizes(plan: RolloutPlan): readonly number[] {
    return waves(plan.minSize, plan.minimumHealthyHosts);
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
