import { abandonedSeconds } from "../../blue-green/deadline";
import type { Pace, RollDriver, StepResult } from "../../blue-green/drive";
import type { ActiveRoll } from "../../blue-green/machine";
import type { Step, StepName } from "../../blue-green/step";
import { awaitNothingLacking } from "./await-nothing-lacking";
import { bake } from "./bake";
import { fullSizes, lackOf, lackOfBoot } from "./capacity";
import { writeActive } from "./active-colour";
import { attach, detach } from "./deployment-group";
import { stopDeploymentOfRoll } from "./deployment-of-roll";
import { raise, sizesOf } from "./group-sizes";
import { holdMinimum, settle } from "./held-minimum";
import { install } from "./install";
import { bothSizes, match } from "./match";
import { probe } from "./probe";
import { armEnd, disarmEnd } from "./scheduled-end";
import { type RollPlace, stepWork, type StepWork } from "./step-work";
import { emptyAtLast, rearm, retire } from "./warm-end";
import { assertIdle, sendTo } from "./weights";

/** Carries out the steps of a roll on AWS. */
export class AwsRollDriver implements RollDriver {
    constructor(private readonly place: RollPlace) {}

    async carryOut(step: Step, state: ActiveRoll, pace: Pace): Promise<StepResult> {
        return await ways[step.name](stepWork(this.place, state, pace), "percent" in step ? step.percent : 0) ?? {};
    }
}

// eslint-disable-next-line @typescript-eslint/no-invalid-void-type -- most steps have nothing to tell
type Way = (work: StepWork, percent: number) => Promise<StepResult | void>;

const ways: Readonly<Record<StepName, Way>> = {
    detach: async work => {
        // Whoever moves weights by hand may have left one on what serves.
        await disarmEnd(work, work.from.autoScalingGroup);
        await detach(work, work.to);
    },
    grow,
    boot: work => awaitNothingLacking(work, async () => lackOfBoot(await fullSizes(work))),
    attach: work => attach(work, work.to),
    install,
    healthy: work => awaitNothingLacking(work, () => lackOf(work)),
    probe,
    disarm,
    match,
    shift: (work, percent) => sendTo(work, work.roll.to, percent),
    bake,
    commit: work => writeActive(work, work.roll.to),
    settle: work => settle(work, work.to.autoScalingGroup),
    retire,
    restore: work => sendTo(work, work.roll.from, 100),
    release: work => settle(work, work.from.autoScalingGroup),
    uncommit: work => writeActive(work, work.roll.from),
    stop: stopDeploymentOfRoll,
    shrink,
    rearm,
};

async function grow(work: StepWork): Promise<void> {
    await assertIdle(work, work.roll.to);
    // First: if nobody comes back, it ends by itself.
    await armEnd(work, work.to.autoScalingGroup, new Date(work.clock.now().getTime() + abandonedSeconds * 1000));
    const [from, to] = await bothSizes(work);
    await raise(work, to, from);
}

async function disarm(work: StepWork): Promise<void> {
    const groups = [work.to, work.from].map(({ autoScalingGroup }) => autoScalingGroup);
    // All ends first: the one of a warm colour may be seconds away.
    for (const group of groups) await disarmEnd(work, group);
    for (const group of groups) await holdMinimum(work, group);
}

async function shrink(work: StepWork): Promise<void> {
    await assertIdle(work, work.roll.to);
    const group = work.to.autoScalingGroup;
    await emptyAtLast(work, group);
    await awaitNothingLacking(work, async () => {
        const { instances } = await sizesOf(work, group);
        return instances.length === 0 ? undefined : `${instances.length} instances of ${group} are still there`;
    });
}
