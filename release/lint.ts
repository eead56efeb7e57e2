import { blueGreenRelations } from "./lint-blue-green";
import { hostRelations } from "./lint-hosts";
import { read, readText, type Relation } from "./relation";
import { eventStartSeconds, longestStopGraceSeconds, readinessSeconds, type RolloutPlan, stopMarginSeconds, stopTimeoutSeconds, strayRequestSeconds } from "./rollout";

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

interface Range {
    readonly key: keyof typeof read;
    readonly from: number;
    readonly to: number;
}

/** Everything that is wrong with a plan, errors and warnings; nothing for a sound one. */
export function lintPlan(plan: RolloutPlan): readonly Finding[] {
    const outOfRange = ranges.filter(range => !inRange(range, plan));
    // A value that is wrong by itself is not compared with others: one finding tells it better than three.
    const wrong = new Set<Relation["key"]>(outOfRange.map(range => range.key));
    const { strategy = "rolling" } = plan;
    const concerned = [...relations, ...hostRelations, ...blueGreenRelations].filter(({ of, key }) => (of ?? strategy) === strategy && !wrong.has(key));
    const broken = concerned.filter(relation => relation.broken(plan));
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
        fix: plan => plan.longestRequestSeconds <= longestStopGraceSeconds
            ? `set stopGraceSeconds to ${plan.longestRequestSeconds} or more`
            : `set longestRequestSeconds to ${longestStopGraceSeconds} or less, the most that the stop script waits, and stopGraceSeconds to as much; ` +
            "or raise the script's timeout in app-scripts/appspec.yml and release/rollout.ts",
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
        key: "bootTimeoutSeconds",
        broken: plan => plan.bootTimeoutSeconds > eventStartSeconds,
        rule: () =>
            `must be at most ${eventStartSeconds}: so long CodeDeploy's launch deployment, which begins with the boot, waits for the agent, ` +
            "and then new hosts are replaced without end",
        fix: () => `set bootTimeoutSeconds to ${eventStartSeconds} or less; a machine image that brings what the boot installs makes boots shorter`,
    },
    {
        severity: "error",
        key: "healthCheckGraceSeconds",
        broken: plan => plan.healthCheckGraceSeconds < plan.bootTimeoutSeconds,
        rule: plan => `must be at least bootTimeoutSeconds (${plan.bootTimeoutSeconds}), or booting instances are replaced`,
        fix: plan => `set healthCheckGraceSeconds to ${plan.bootTimeoutSeconds} or more`,
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
