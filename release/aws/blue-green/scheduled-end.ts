import type { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { endAction } from "../../blue-green/action-name";
import { inSeconds } from "../../time-text";
import { deleteAction, putAction, readAction } from "./scheduled-action";
import type { Asking, StepWork } from "./step-work";

/** When a group's instances end by themselves; undefined for never. */
export async function readEnd(autoScaling: AutoScalingClient, group: string, signal: AbortSignal): Promise<Date | undefined> {
    return (await readAction(autoScaling, group, endAction, signal))?.StartTime;
}

export function endOf({ ask, clients: { autoScaling } }: StepWork, group: string): Promise<Date | undefined> {
    return ask(signal => readEnd(autoScaling, group, signal));
}

export async function armEnd(work: Asking & Pick<StepWork, "tell">, group: string, end: Date): Promise<void> {
    work.tell.step(`${group} ends by itself at ${inSeconds(await putAction(work, group, endAction, end, { MinSize: 0, DesiredCapacity: 0 }))}`);
}

export function disarmEnd(work: Asking, group: string): Promise<void> {
    return deleteAction(work, group, endAction);
}
