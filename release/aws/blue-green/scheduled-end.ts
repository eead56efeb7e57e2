import {
    type AutoScalingClient, DeleteScheduledActionCommand, DescribeScheduledActionsCommand, PutScheduledUpdateGroupActionCommand,
} from "@aws-sdk/client-auto-scaling";
import { inSeconds } from "../../time-text";
import type { StepWork } from "./step-work";

/** By it Auto Scaling itself ends what nobody comes back for. Only a group that gets no requests may have one. */
const actionName = "gapless-end";

/** When a group's instances end by themselves; undefined for never. */
export async function readEnd(autoScaling: AutoScalingClient, group: string, abortSignal: AbortSignal): Promise<Date | undefined> {
    const { ScheduledUpdateGroupActions: [action] = [] } = await autoScaling.send(
        new DescribeScheduledActionsCommand({ AutoScalingGroupName: group, ScheduledActionNames: [actionName] }), { abortSignal },
    );
    return action?.StartTime;
}

export function endOf({ ask, clients: { autoScaling } }: StepWork, group: string): Promise<Date | undefined> {
    return ask(signal => readEnd(autoScaling, group, signal));
}

/** Whole seconds: AWS keeps no smaller part of a time. */
export async function armEnd({ ask, clients: { autoScaling }, tell }: StepWork, group: string, end: Date): Promise<void> {
    const StartTime = new Date(Math.floor(end.getTime() / 1000) * 1000);
    await ask(abortSignal => autoScaling.send(new PutScheduledUpdateGroupActionCommand({
        AutoScalingGroupName: group, ScheduledActionName: actionName, StartTime, MinSize: 0, DesiredCapacity: 0,
    }), { abortSignal }));
    tell.step(`${group} ends by itself at ${inSeconds(StartTime)}`);
}

export async function disarmEnd(work: StepWork, group: string): Promise<void> {
    const { ask, clients: { autoScaling } } = work;
    if (await endOf(work, group) === undefined) return;
    await ask(abortSignal => autoScaling.send(new DeleteScheduledActionCommand({ AutoScalingGroupName: group, ScheduledActionName: actionName }), { abortSignal })
        // Carried out in this very moment, it is gone: whoever goes on finds a smaller group.
        .catch((error: unknown) => { if (!isGone(error)) throw error; }));
}

function isGone(error: unknown): boolean {
    return error instanceof Error && error.name === "ValidationError" && /not found/i.test(error.message);
}
