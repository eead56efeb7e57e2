import { printMinimumHealthyHosts } from "./minimum-healthy-hosts";
import { blueGreenDefaults, type RolloutPlan } from "./rollout";

/** A plan's numbers by the names of the settings that they come from. */
export const read = {
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
    bakeSeconds: plan => plan.bakeSeconds ?? blueGreenDefaults.bakeSeconds,
    warmMinutes: plan => (plan.warmSeconds ?? blueGreenDefaults.warmSeconds) / 60,
} as const satisfies Record<string, (plan: RolloutPlan) => number>;

/** The same for what is no number. */
export const readText = {
    deploymentConfig: plan => printMinimumHealthyHosts(plan.minimumHealthyHosts),
    zoneByZone: plan => String(plan.zones !== undefined),
    shiftPercents: plan => JSON.stringify(plan.shiftPercents ?? blueGreenDefaults.shiftPercents),
} as const satisfies Record<string, (plan: RolloutPlan) => string>;

/** What must hold between the numbers of a plan. */
export interface Relation {
    readonly severity: "error" | "warning";
    /** The strategy that it is of. @default either */
    readonly of?: "rolling" | "blueGreen";
    readonly key: keyof typeof read | keyof typeof readText;
    readonly broken: (plan: RolloutPlan) => boolean;
    readonly rule: (plan: RolloutPlan) => string;
    readonly fix: (plan: RolloutPlan) => string;
}
