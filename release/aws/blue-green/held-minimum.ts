import { settleAction } from "../../blue-green/action-name";
import { inSeconds } from "../../time-text";
import { sizesOf } from "./group-sizes";
import { deleteAction, putAction } from "./scheduled-action";
import type { StepWork } from "./step-work";

/**
 * Seconds for which a group that gets its requests anew keeps its size. By the load that it had before, target tracking would take instances from it
 * at once: a CPU without detailed monitoring is known after 5 minutes, and an alarm of it some minutes later.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-target-tracking.html
 */
const heldSeconds = 600;

/** Has Auto Scaling let a group shrink again, in a while. Raises nothing: a group without a release stays empty. */
export async function settle(work: StepWork, group: string): Promise<void> {
    const { clock, roll: { minSize: MinSize }, tell } = work;
    const { minSize } = await sizesOf(work, group);
    if (minSize <= MinSize) return;
    const when = await putAction(work, group, settleAction, new Date(clock.now().getTime() + heldSeconds * 1000), { MinSize });
    tell.step(`${group} may shrink again, to ${MinSize} instances, from ${inSeconds(when)} on`);
}

/** Keeps a group from shrinking by what an earlier roll has left. */
export function holdMinimum(work: StepWork, group: string): Promise<void> {
    return deleteAction(work, group, settleAction);
}
