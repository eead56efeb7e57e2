import { awsHabits, type Circumstances, forecast, type ServiceHabits } from "../release/forecast";
import { printMinimumHealthyHosts } from "../release/minimum-healthy-hosts";
import type { RolloutPlan, WorkSeconds } from "../release/rollout";
import type { RehearsalPlan } from "./plan";
import { reproduceCommand } from "./report/reproduce";
import type { Expected, RollingInput, Settings } from "./report/report-input";

/** What a rehearsal finds out before the curtain rises. */
export interface Found {
    /** Real milliseconds for which a leaving target drains. */
    readonly drainMs: number;
    /** Whether instances leave the balancer meanwhile; not in the negative control, whatever the stage has. */
    readonly trafficControl: boolean;
}

/**
 * Whoever carries out a deployment here: it notices at once that a delay is over, and a target's checks begin at any moment of their interval
 * and go on from there.
 */
export const rehearsalHabits: ServiceHabits = { pollSeconds: 0, overheadSeconds: 0, checks: () => 0.5, fewestChecks: 0 };

/**
 * What a rolling rehearsal is expected to come to, here and, with the stage's own settings, on AWS, beside what it ran with.
 * @param work what it takes on this machine
 */
export function expectRolling(plan: RehearsalPlan, work: WorkSeconds, found: Found): Expected & Pick<RollingInput, "forecast" | "onAws"> {
    const here: Circumstances = { scale: plan.options.timeScale, work, trafficControl: found.trafficControl, habits: rehearsalHabits };
    const trafficControl = plan.facts.withTrafficControl;
    return {
        ...expectAny(plan, { ...found, trafficControl }),
        forecast: forecast(planHere(plan, found), here),
        onAws: forecast(plan.rollout, { trafficControl, habits: awsHabits }),
    };
}

/** The plan with the drain that it has here, which is never shorter than the slowest request. */
export function planHere({ rollout, options: { timeScale } }: RehearsalPlan, { drainMs }: Pick<Found, "drainMs">): RolloutPlan {
    return { ...rollout, drainSeconds: drainMs / 1000 / timeScale };
}

/** What is told of a rehearsal of either strategy; its traffic control is the stage's. */
export function expectAny(plan: RehearsalPlan, found: Found): Expected {
    return { settings: settingsOf(plan, found), reproduce: reproduceCommand(plan.options) };
}

function settingsOf({ rollout, facts, waits, options }: RehearsalPlan, { drainMs, trafficControl }: Found): Settings {
    const { drainSeconds, stopGraceSeconds, idleTimeoutSeconds, longestRequestSeconds, healthCheck, minimumHealthyHosts } = rollout;
    const { healthIntervalMs, healthTimeoutMs, eventGapMs } = waits;
    return {
        drainSeconds, stopGraceSeconds, idleTimeoutSeconds, longestRequestSeconds, healthCheck: { ...healthCheck },
        minimumHealthyHosts: printMinimumHealthyHosts(minimumHealthyHosts),
        trafficControl, rollBackOnFailure: facts.rollBackOnFailure,
        here: { drainMs: options.draining ? drainMs : 0, healthIntervalMs, healthTimeoutMs, eventGapMs },
    };
}
