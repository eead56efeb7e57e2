import { assertIdle } from "./weights";
import { empty } from "./group-sizes";
import { armEnd, endOf } from "./scheduled-end";
import type { StepWork } from "./step-work";

/** Keeps what serves no more for a while, and has Auto Scaling end it then. */
export async function retire(work: StepWork): Promise<void> {
    const { roll: { from, warmSeconds }, clock } = work;
    await assertIdle(work, from);
    const group = work.from.autoScalingGroup;
    if (warmSeconds === 0) await empty(work, group);
    // Armed before, by a driver that did not live to write it down.
    else if (!isAhead(await endOf(work, group), clock.now())) await armEnd(work, group, new Date(clock.now().getTime() + warmSeconds * 1000));
}

/** Has Auto Scaling end the colour that one could not flip to when it would have. */
export async function rearm(work: StepWork): Promise<void> {
    const { roll: { to, warmUntil }, clock } = work;
    await assertIdle(work, to);
    const end = warmUntil === undefined ? undefined : new Date(warmUntil);
    if (end !== undefined && isAhead(end, clock.now())) await armEnd(work, work.to.autoScalingGroup, end);
    else await empty(work, work.to.autoScalingGroup);
}

function isAhead(end: Date | undefined, now: Date): boolean {
    return end !== undefined && end > now;
}
