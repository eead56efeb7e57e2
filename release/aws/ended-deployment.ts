import { type CodeDeployClient, GetDeploymentCommand } from "@aws-sdk/client-codedeploy";
import { type Colour, otherColour } from "../blue-green/colour";
import type { RollEnd } from "../deployment-end";
import type { SettledEntry } from "../history";
import { isRollId } from "../roll-history";
import type { Stage } from "../stage";
import { DeliveryError } from "./error";
import { DeploymentTargets } from "./deployment-targets";
import type { BadEnd } from "./failure-page";
import { failedOf } from "./follow-deployment";

/**
 * How a deployment that is long over ended, by the history and by what CodeDeploy still knows of its instances.
 * @throws DeliveryError usage when it did not fail
 */
export async function readBadEnd(codeDeploy: CodeDeployClient, { stack }: Stage, entry: SettledEntry, signal: AbortSignal): Promise<BadEnd> {
    const { deploymentId, codeDeployId, reason, rollbackDeploymentId, colour } = entry;
    const deployed = isRollId(deploymentId) ? codeDeployId : deploymentId;
    const result = badResult(entry, stack);
    const [targets, isBack] = await Promise.all([
        deployed === undefined ? [] : new DeploymentTargets(codeDeploy, deployed).look(signal),
        rollbackDeploymentId === undefined ? undefined : hasSucceeded(codeDeploy, rollbackDeploymentId, signal),
    ]);
    return {
        deploymentId, result,
        failedInstances: failedOf(targets),
        ...(reason !== undefined && { reason }),
        ...(rollbackDeploymentId !== undefined && { rollbackDeploymentId, rollbackResult: isBack ? "succeeded" : "failed" }),
        ...(colour !== undefined && { roll: rollOf(colour, codeDeployId) }),
    };
}

function badResult({ n, version, deploymentId, result }: SettledEntry, stack: string): BadEnd["result"] {
    const seeAll = `See ./gapless history ${stack}.`;
    if (result === "succeeded") throw new DeliveryError(`Number ${n} has no failure to show: release ${version} succeeded by deployment ${deploymentId}. ${seeAll}`, "usage");
    if (result === "inProgress") throw new DeliveryError(`Number ${n} has no failure to show: deployment ${deploymentId} of release ${version} goes on. See ./gapless status ${stack}.`, "usage");
    // Nobody can tell any more how it ended, and it was no success that anybody saw.
    return result === "unknown" ? "failed" : result;
}

function rollOf(to: Colour, codeDeployId: string | undefined): RollEnd {
    return { kind: "deploy", from: otherColour(to), to, left: [], ...(codeDeployId !== undefined && { codeDeployId }) };
}

async function hasSucceeded(codeDeploy: CodeDeployClient, deploymentId: string, abortSignal: AbortSignal): Promise<boolean> {
    const { deploymentInfo } = await codeDeploy.send(new GetDeploymentCommand({ deploymentId }), { abortSignal });
    return deploymentInfo?.status === "Succeeded";
}
