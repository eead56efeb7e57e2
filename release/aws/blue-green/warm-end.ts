import { strayRequestSeconds } from "../../rollout";
import { empty, sizesOf } from "./group-sizes";
import { armEnd, disarmEnd, endOf } from "./scheduled-end";
import type { Asking, StepWork } from "./step-work";
import { assertIdle } from "./weights";

/** A time closer than this may have passed when AWS hears of it, and AWS takes none that has. */
const closestSeconds = 60;

/** Keeps what serves no more for a while, and has Auto Scaling end it then. */
export async function retire(work: StepWork): Promise<void> {
    const { roll: { from, warmSeconds }, clock } = work;
    await assertIdle(work, from);
    const group = work.from.autoScalingGroup;
    // Armed before, by a driver that did not live to write it down.
    await keepUntil(work, group, await endOf(work, group) ?? new Date(clock.now().getTime() + warmSeconds * 1000));
}

/** Has Auto Scaling end the colour that one could not flip to when it would have. */
export async function rearm(work: StepWork): Promise<void> {
    const { roll: { to, warmUntil } } = work;
    await assertIdle(work, to);
    await keepUntil(work, work.to.autoScalingGroup, warmUntil === undefined ? undefined : new Date(warmUntil));
}

/** Takes all instances of a group away that serves no more, and what would end them later. */
export async function emptyAtLast(work: Asking & { readonly pace: Pick<StepWork["pace"], "rest"> }, group: string): Promise<void> {
    if (!await isEmpty(work, group)) {
        // Some of the load balancer's machines may still go by the weights before.
        await work.pace.rest(strayRequestSeconds);
        await empty(work, group);
    }
    await disarmEnd(work, group);
}

async function keepUntil(work: StepWork, group: string, end: Date | undefined): Promise<void> {
    const isAhead = end !== undefined && end.getTime() - work.clock.now().getTime() >= closestSeconds * 1000;
    // What has nothing more is not warm either.
    if (!isAhead || await isEmpty(work, group)) await emptyAtLast(work, group);
    else if ((await endOf(work, group))?.getTime() !== end.getTime()) await armEnd(work, group, end);
}

async function isEmpty(work: Asking, group: string): Promise<boolean> {
    const { minSize, desired } = await sizesOf(work, group);
    return minSize === 0 && desired === 0;
}
