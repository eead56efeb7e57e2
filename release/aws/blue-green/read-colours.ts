import type { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import type { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { S3Client } from "@aws-sdk/client-s3";
import type { Colour } from "../../blue-green/colour";
import type { ColourDocument } from "../../blue-green/document";
import type { BlueGreen, ColourResources, Stage } from "../../stage";
import type { Target } from "../../status";

/** Percent of the requests that each colour gets. */
export type ColourWeights = Readonly<Record<Colour, number>>;

/** The group of a colour. */
export interface ColourGroup {
    readonly minSize: number;
    readonly maxSize: number;
    readonly desired: number;
    readonly instances: readonly { readonly id: string; readonly zone?: string | undefined; /** Auto Scaling's word, such as `InService`. */ readonly lifecycle: string }[];
    /** When Auto Scaling ends them all by itself, ISO 8601. */
    readonly end?: string | undefined;
}

/** What is remembered of both colours: the roll under way, a wish to stop it, what is installed, what is warm. */
export async function readColourDocument(s3: S3Client, stage: Stage, signal: AbortSignal): Promise<ColourDocument> {
    await Promise.resolve();
    throw new Error("to come");
}

export async function readWeights(loadBalancing: ElasticLoadBalancingV2Client, stage: BlueGreen, signal: AbortSignal): Promise<ColourWeights> {
    await Promise.resolve();
    throw new Error("to come");
}

export async function readColourGroup(autoScaling: AutoScalingClient, colour: ColourResources, signal: AbortSignal): Promise<ColourGroup> {
    await Promise.resolve();
    throw new Error("to come");
}

export async function readColourTargets(loadBalancing: ElasticLoadBalancingV2Client, colour: ColourResources, signal: AbortSignal): Promise<readonly Target[]> {
    await Promise.resolve();
    throw new Error("to come");
}
