import { PutScheduledUpdateGroupActionCommand, UpdateAutoScalingGroupCommand } from "@aws-sdk/client-auto-scaling";
import { settleAction } from "../../blue-green/action-name";
import type { Stage } from "../../stage";
import { readColourDocument } from "../colour-document";
import type { ColourClients } from "./clients";
import { colouredStage } from "./coloured-stage";
import { readSizes } from "./group-sizes";
import { readAction } from "./scheduled-action";
import { readWeights, servingColour } from "./weights";

/**
 * Gives the group that serves the fewest instances that the program wants it to have. Leaves alone a group without instances, to which nothing
 * is released yet, and all of it while a roll is under way, which ends with that minimum anyway. What a roll has
 * put off until the load is known is put off still. To be called under the stage's lock.
 * @returns what has changed; undefined for nothing
 * @throws DeliveryError needsPerson when the weights do not say which colour serves
 */
export async function applyMinimum(
    { autoScaling, loadBalancing, s3 }: Pick<ColourClients, "autoScaling" | "loadBalancing" | "s3">, stage: Stage, signal: AbortSignal,
): Promise<{ readonly group: string; readonly before: number; readonly after: number } | undefined> {
    const { blueGreen } = colouredStage(stage);
    if ((await readColourDocument(s3, stage.releaseBucket, signal)).roll !== null) return undefined;
    const { autoScalingGroup: group } = blueGreen[servingColour(await readWeights(loadBalancing, blueGreen, signal), stage.stack)];
    const [{ minSize: before, desired }, held] = await Promise.all([readSizes(autoScaling, group, signal), readAction(autoScaling, group, settleAction, signal)]);
    const { minSize: after } = blueGreen.sizes;
    if (desired === 0 || after === (held?.MinSize ?? before)) return undefined;
    const put = { AutoScalingGroupName: group, MinSize: after };
    if (held !== undefined) {
        await autoScaling.send(new PutScheduledUpdateGroupActionCommand({ ...put, ScheduledActionName: settleAction, StartTime: held.StartTime }), { abortSignal: signal });
    }
    if (held === undefined || after > before) await autoScaling.send(new UpdateAutoScalingGroupCommand(put), { abortSignal: signal });
    return { group, before, after };
}
