import type { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import type { ColourResources } from "../../stage";
import { type GroupSizes, readSizes } from "./group-sizes";
import { readEnd } from "./scheduled-end";

/** The group of a colour. */
export interface ColourGroup extends GroupSizes {
    /** When Auto Scaling ends all instances by itself, ISO 8601. */
    readonly end?: string | undefined;
}

export async function readColourGroup(autoScaling: AutoScalingClient, { autoScalingGroup }: ColourResources, signal: AbortSignal): Promise<ColourGroup> {
    const [sizes, end] = await Promise.all([readSizes(autoScaling, autoScalingGroup, signal), readEnd(autoScaling, autoScalingGroup, signal)]);
    return { ...sizes, end: end?.toISOString() };
}

/**
 * Whether a colour has instances without requests that nobody ends. While somebody drives a roll, that is as it shall be; when nobody does, they cost until
 * a person comes: `./gapless abort` ends them.
 * @param weight percent of the requests that the colour has
 */
export function isEndless({ desired, minSize, end }: Pick<ColourGroup, "desired" | "minSize" | "end">, weight: number): boolean {
    return weight === 0 && Math.max(desired, minSize) > 0 && end === undefined;
}
