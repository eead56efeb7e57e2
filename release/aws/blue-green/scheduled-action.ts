import {
    type AutoScalingClient, DeleteScheduledActionCommand, DescribeScheduledActionsCommand, PutScheduledUpdateGroupActionCommand, type ScheduledUpdateGroupAction,
} from "@aws-sdk/client-auto-scaling";
import type { ActionName } from "../../blue-green/action-name";
import type { Asking } from "./step-work";

/** What is still to come. */
export async function readAction(
    autoScaling: AutoScalingClient, group: string, name: ActionName, abortSignal: AbortSignal,
): Promise<ScheduledUpdateGroupAction | undefined> {
    const { ScheduledUpdateGroupActions: [action] = [] } = await autoScaling.send(
        new DescribeScheduledActionsCommand({ AutoScalingGroupName: group, ScheduledActionNames: [name] }), { abortSignal },
    );
    return action;
}

/** @returns when it comes, in whole seconds: AWS keeps no smaller part of a time */
export async function putAction(
    { ask, clients: { autoScaling } }: Asking, group: string, name: ActionName, when: Date, sizes: { readonly MinSize: number; readonly DesiredCapacity?: number },
): Promise<Date> {
    const StartTime = new Date(Math.floor(when.getTime() / 1000) * 1000);
    await ask(abortSignal => autoScaling.send(new PutScheduledUpdateGroupActionCommand({
        AutoScalingGroupName: group, ScheduledActionName: name, StartTime, ...sizes,
    }), { abortSignal }));
    return StartTime;
}

export async function deleteAction({ ask, clients: { autoScaling } }: Asking, group: string, name: ActionName): Promise<void> {
    if (await ask(signal => readAction(autoScaling, group, name, signal)) === undefined) return;
    await ask(abortSignal => autoScaling.send(new DeleteScheduledActionCommand({ AutoScalingGroupName: group, ScheduledActionName: name }), { abortSignal })
        // Carried out in this very moment, it is gone: whoever goes on finds another size.
        .catch((error: unknown) => { if (!isGone(error)) throw error; }));
}

function isGone(error: unknown): boolean {
    return error instanceof Error && error.name === "ValidationError" && /not found/i.test(error.message);
}
