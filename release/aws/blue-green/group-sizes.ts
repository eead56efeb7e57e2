import { type AutoScalingClient, DescribeAutoScalingGroupsCommand, UpdateAutoScalingGroupCommand } from "@aws-sdk/client-auto-scaling";
import { DeliveryError } from "../error";
import type { Asking, StepWork } from "./step-work";

export interface GroupInstance {
    readonly id: string;
    readonly zone?: string | undefined;
    /** Auto Scaling's word, such as `InService`. */
    readonly lifecycle: string;
}

/** How many instances a group has, and may have. */
export interface GroupSizes {
    readonly name: string;
    readonly minSize: number;
    readonly maxSize: number;
    readonly desired: number;
    readonly instances: readonly GroupInstance[];
}

export async function readSizes(autoScaling: AutoScalingClient, name: string, abortSignal: AbortSignal): Promise<GroupSizes> {
    const { AutoScalingGroups: [group] = [] } = await autoScaling.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }), { abortSignal });
    if (!group) throw new DeliveryError(`There is no Auto Scaling group ${name}. Somebody has removed it: refresh and then up make it again.`);
    const { MinSize = 0, MaxSize = 0, DesiredCapacity = 0, Instances = [] } = group;
    return {
        name, minSize: MinSize, maxSize: MaxSize, desired: DesiredCapacity,
        instances: Instances.map(({ InstanceId = "", AvailabilityZone, LifecycleState = "" }) => ({ id: InstanceId, zone: AvailabilityZone, lifecycle: LifecycleState })),
    };
}

export function sizesOf({ ask, clients: { autoScaling } }: Asking, group: string): Promise<GroupSizes> {
    return ask(signal => readSizes(autoScaling, group, signal));
}

/**
 * Gives a group as many instances as the other has, and no fewer than it has itself or shall have, and keeps it from shrinking.
 * @returns how many that are
 */
export async function raise(work: StepWork, group: GroupSizes, other: GroupSizes): Promise<number> {
    const wanted = Math.max(other.desired, group.desired, work.roll.minSize, 1);
    if (wanted > group.maxSize) {
        throw new DeliveryError(
            `${group.name} would need ${wanted} instances to take over from ${other.name}, and may have ${group.maxSize}. `
            + `Set gapless:maxSize to ${wanted} or more, then ./gapless up ${work.stage.stack}.`,
        );
    }
    if (group.minSize !== wanted || group.desired !== wanted) await update(work, group.name, { MinSize: wanted, DesiredCapacity: wanted });
    return wanted;
}

/** Keeps a group from shrinking. */
export async function pin(work: StepWork, { name, minSize, desired }: GroupSizes): Promise<void> {
    if (minSize < desired) await update(work, name, { MinSize: desired });
}

/** Takes all instances of a group away. */
export async function empty(work: Asking, group: string): Promise<void> {
    const { minSize, desired } = await sizesOf(work, group);
    if (minSize > 0 || desired > 0) await update(work, group, { MinSize: 0, DesiredCapacity: 0 });
}

async function update({ ask, clients: { autoScaling } }: Asking, AutoScalingGroupName: string, sizes: { MinSize: number; DesiredCapacity?: number }): Promise<void> {
    await ask(abortSignal => autoScaling.send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName, ...sizes }), { abortSignal }));
}
