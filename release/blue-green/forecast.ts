import { awsHabits, type Circumstances, type ServiceHabits } from "../forecast";
import { lifecycleEvents } from "../lifecycle";
import { blueGreenDefaults, eventGapSeconds, type RolloutPlan, type RollWorkSeconds, typicalRollWork } from "../rollout";
import type { Roll } from "./roll";
import { forwardSteps, type StepName } from "./step";

const gapSeconds = lifecycleEvents.length * eventGapSeconds;

/** Steps of a release's way forward. */
type ForwardStep = Exclude<StepName, "restore" | "uncommit" | "stop" | "shrink" | "rearm" | "release">;

/** How long a blue/green release takes and what it costs meanwhile. There are no waves; a model, as that of a rolling one is. */
export interface RollForecast {
    /** Seconds of each step; of one that is repeated, each time. */
    readonly secondsPerStep: Readonly<Record<ForwardStep, number>>;
    /** Seconds until all requests go to the new release, when nothing fails. */
    readonly servingSeconds: number;
    /** Seconds from the first step to the last; what served is warm for longer. */
    readonly rolloutSeconds: number;
    /** Share of the instances that serve at any time, 0 to 1. */
    readonly capacityFloor: number;
    /** Seconds from the start of a bad release's service until the previous one serves all again, while that is warm: one call shifts the requests. */
    readonly rollbackSeconds: number;
    /** The same when it is warm no more: a whole release, whose requests are shifted at once. */
    readonly coldRollbackSeconds: number;
    /** Seconds that no roll of this plan with such work can beat: the boot, the drain, the gaps between events, a start, as few health checks as may be, and all bakes. */
    readonly lowerBoundSeconds: number;
    /** Instances that run beside those of the colour that serves. */
    readonly extraInstances: number;
    /** Seconds for which they do: from their launch until what served has been drained. */
    readonly extraSeconds: number;
}

/** What the time of a roll depends on beside its plan: bakes and the warm time are scaled, too. */
export interface RollCircumstances extends Pick<Circumstances, "scale" | "habits"> {
    /** @default that of a small instance */
    readonly work?: RollWorkSeconds;
}

/** Forecasts a blue/green release over `minSize` instances. */
export function forecastRoll(plan: RolloutPlan, { scale = 1, work = typicalRollWork, habits = awsHabits }: RollCircumstances = {}): RollForecast {
    const { shiftPercents, bakeSeconds, warmSeconds } = { ...blueGreenDefaults, ...plan };
    const secondsPerStep = stepSeconds(plan, bakeSeconds, scale, work, habits);
    const sum = (names: readonly StepName[]) => names.reduce((total, name) => total + secondsPerStep[name as ForwardStep], 0);

    const steps = namesOf({ kind: "deploy", shiftPercents, bakeSeconds });
    const untilServing = (names: readonly StepName[]) => sum(names.slice(0, names.lastIndexOf("shift") + 1));
    const bakes = steps.filter(name => name === "bake").length;
    return {
        secondsPerStep,
        servingSeconds: untilServing(steps),
        rolloutSeconds: sum(steps),
        capacityFloor: 1,
        rollbackSeconds: work.noticeFailure + untilServing(namesOf({ kind: "flip", shiftPercents: [100], bakeSeconds })),
        coldRollbackSeconds: work.noticeFailure + untilServing(namesOf({ kind: "deploy", shiftPercents: [100], bakeSeconds })),
        lowerBoundSeconds: work.boot + work.stop + work.run + bakes * secondsPerStep.bake
            + scale * (gapSeconds + plan.drainSeconds + habits.fewestChecks * plan.healthCheck.intervalSeconds),
        extraInstances: plan.minSize,
        extraSeconds: sum(steps.slice(steps.indexOf("grow"))) + scale * (warmSeconds + plan.drainSeconds),
    };
}

function namesOf(roll: Pick<Roll, "kind" | "shiftPercents" | "bakeSeconds">): readonly StepName[] {
    return forwardSteps(roll).map(({ name }) => name);
}

function stepSeconds(
    { drainSeconds, healthCheck }: RolloutPlan, bakeSeconds: number, scale: number, work: RollWorkSeconds, { pollSeconds, overheadSeconds, checks }: ServiceHabits,
): Record<ForwardStep, number> {
    const { call, boot, stop, download, pull, install, run, validate } = work;
    return {
        detach: call, grow: call,
        boot: boot + scale * pollSeconds,
        attach: call,
        // All instances at once. Each leaves its target group first, and a target drains for the whole delay though no request was ever sent to it:
        // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html#deregistration-delay
        // Then its checks have to pass, for as long as in a wave of a rolling release.
        install: stop + download + pull + install + run + validate + scale * (
            gapSeconds + drainSeconds + pollSeconds + checks(healthCheck.healthyThreshold) * healthCheck.intervalSeconds + overheadSeconds
        ),
        // Which CodeDeploy has seen to.
        healthy: call,
        probe: call, disarm: call, match: call, shift: call,
        bake: scale * bakeSeconds,
        commit: call, settle: call, retire: call,
    };
}
