import { UpdateAutoScalingGroupCommand } from "@aws-sdk/client-auto-scaling";
import type { Stage } from "../../stage";
import { readColourDocument } from "../colour-document";
import type { ColourClients } from "./clients";
import { colouredStage } from "./coloured-stage";
import { readSizes } from "./group-sizes";

/**
 * Gives the group that serves the fewest instances that the program wants it to have. Leaves alone a group without instances, to which nothing
 * is released yet, and all of it while a roll is under way, which ends with that minimum anyway. To be called under the stage's lock.
 * @returns what has changed; undefined for nothing
 */
export async function applyMinimum(
    { autoScaling, s3 }: Pick<ColourClients, "autoScaling" | "s3">, stage: Stage, signal: AbortSignal,
): Promise<{ readonly group: string; readonly before: number; readonly after: number } | undefined> {
    const { blueGreen } = colouredStage(stage);
    const { autoScalingGroup: group } = blueGreen[blueGreen.active];
    const [{ roll }, { minSize: before, desired }] = await Promise.all([readColourDocument(s3, stage.releaseBucket, signal), readSizes(autoScaling, group, signal)]);
    const { minSize: after } = blueGreen.sizes;
    if (roll !== null || desired === 0 || before === after) return undefined;
    await autoScaling.send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: group, MinSize: after }), { abortSignal: signal });
    return { group, before, after };
}
