import type { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import type { CodeDeployClient } from "@aws-sdk/client-codedeploy";
import type { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { S3Client } from "@aws-sdk/client-s3";
import type { Colour } from "../blue-green/colour";
import type { ColourParts } from "../colour-status";
import type { Stage } from "../stage";
import type { Told } from "../status";
import { readColourGroup, readColourTargets, readWeights } from "./blue-green/read-colours";
import { readColourDocument } from "./colour-document";
import { readGroup } from "./status-parts";

interface Clients {
    readonly codeDeploy: CodeDeployClient;
    readonly s3: S3Client;
    readonly loadBalancing: ElasticLoadBalancingV2Client;
    readonly autoScaling: AutoScalingClient;
}

/** Asks for both colours at once. @param told keeps what AWS refuses */
export async function readColourParts(
    { codeDeploy, s3, loadBalancing, autoScaling }: Clients, stage: Stage, blueGreen: NonNullable<Stage["blueGreen"]>,
    told: <T>(part: Promise<T>) => Promise<Told<T>>, signal: AbortSignal,
): Promise<ColourParts> {
    const each = async <T>(read: (colour: Colour) => Promise<T>): Promise<Readonly<Record<Colour, Told<T>>>> => {
        const [blue, green] = await Promise.all([told(read("blue")), told(read("green"))]);
        return { blue, green };
    };
    const attachedTo = async (colour: Colour): Promise<readonly string[]> =>
        (await readGroup(codeDeploy, { ...stage, deploymentGroup: blueGreen[colour].deploymentGroup }, signal)).autoScalingGroups ?? [];
    const [document, weights, groups, targets, attached] = await Promise.all([
        told(readColourDocument(s3, stage.releaseBucket, signal)),
        told(readWeights(loadBalancing, blueGreen, signal)),
        each(colour => readColourGroup(autoScaling, blueGreen[colour], signal)),
        each(colour => readColourTargets(loadBalancing, blueGreen[colour], signal)),
        each(attachedTo),
    ]);
    return { document, weights, groups, targets, attached };
}
