import type { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import type { CodeDeployClient } from "@aws-sdk/client-codedeploy";
import type { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { S3Client } from "@aws-sdk/client-s3";
import type { Colour } from "../blue-green/colour";
import { servingBy } from "../colour-status";
import { type Stage, withColours } from "../stage";
import { type StatusParts, type Told, toldOf } from "../status";
import { readColourGroup } from "./blue-green/read-colours";
import { readWeights } from "./blue-green/weights";
import { readColourDocument } from "./colour-document";
import { readFleet, readGroup, readTargets } from "./status-parts";

interface Clients {
    readonly codeDeploy: CodeDeployClient;
    readonly s3: S3Client;
    readonly loadBalancing: ElasticLoadBalancingV2Client;
    readonly autoScaling: AutoScalingClient;
}

/** Asks for both colours at once, and takes for the stage's own what is of the colour that serves by the weights. @param told keeps what AWS refuses */
export async function readColourParts(
    { codeDeploy, s3, loadBalancing, autoScaling }: Clients, stage: Stage, blueGreen: NonNullable<Stage["blueGreen"]>,
    told: <T>(part: Promise<T>) => Promise<Told<T>>, signal: AbortSignal,
): Promise<Pick<StatusParts, "group" | "targets" | "fleet" | "colours">> {
    const each = async <T>(read: (of: Stage, colour: Colour) => Promise<T>): Promise<Readonly<Record<Colour, Told<T>>>> => {
        const [blue, green] = await Promise.all((["blue", "green"] as const).map(colour => told(read(withColours(stage, blueGreen, colour, blueGreen.sizes), colour))) as [Promise<Told<T>>, Promise<Told<T>>]);
        return { blue, green };
    };
    const [document, weights, groups, targets, fleets, deploymentGroups] = await Promise.all([
        told(readColourDocument(s3, stage.releaseBucket, signal)),
        told(readWeights(loadBalancing, blueGreen, signal)),
        each((_, colour) => readColourGroup(autoScaling, blueGreen[colour], signal)),
        each(of => readTargets(loadBalancing, of, signal)),
        each(of => readFleet(autoScaling, of, signal)),
        each(of => readGroup(codeDeploy, of, signal)),
    ]);
    const attached = { blue: attachedTo(deploymentGroups.blue), green: attachedTo(deploymentGroups.green) };
    const serving = servingBy(toldOf(weights), blueGreen.active);
    return { group: deploymentGroups[serving], targets: targets[serving], fleet: fleets[serving], colours: { document, weights, groups, targets, attached } };
}

function attachedTo(group: StatusParts["group"]): Told<readonly string[]> {
    return "told" in group ? { told: group.told.autoScalingGroups ?? [] } : group;
}
