import { type CodeDeployClient, GetDeploymentCommand } from "@aws-sdk/client-codedeploy";
import type { Stage } from "../stage";
import type { SettledEntry } from "../history";
import { DeliveryError } from "./error";
import { DeploymentTargets } from "./deployment-targets";
import type { BadEnd } from "./failure-page";
import { failedOf } from "./follow-deployment";

/**
 * How a deployment that is long over ended, by the history and by what CodeDeploy still knows of its instances.
 * @throws DeliveryError usage when it did not fail
 */
export async function readBadEnd(codeDeploy: CodeDeployClient, { stack }: Stage, entry: SettledEntry, signal: AbortSignal): Promise<BadEnd> {
    const { n, version, deploymentId, result, reason, rollbackDeploymentId } = entry;
    const seeAll = `See ./gapless history ${stack}.`;
    if (result === "succeeded") throw new DeliveryError(`Number ${n} has no failure to show: release ${version} succeeded by deployment ${deploymentId}. ${seeAll}`, "usage");
    if (result === "inProgress") throw new DeliveryError(`Number ${n} has no failure to show: deployment ${deploymentId} of release ${version} goes on. See ./gapless status ${stack}.`, "usage");
    const [targets, isBack] = await Promise.all([
        new DeploymentTargets(codeDeploy, deploymentId).look(signal),
        rollbackDeploymentId === undefined ? undefined : hasSucceeded(codeDeploy, rollbackDeploymentId, signal),
    ]);
    return {
        deploymentId,
        // Nobody can tell any more how it ended, and it was no success that anybody saw.
        result: result === "unknown" ? "failed" : result,
        failedInstances: failedOf(targets),
        ...(reason !== undefined && { reason }),
        ...(rollbackDeploymentId !== undefined && { rollbackDeploymentId, rollbackResult: isBack ? "succeeded" : "failed" }),
    };
}

async function hasSucceeded(codeDeploy: CodeDeployClient, deploymentId: string, abortSignal: AbortSignal): Promise<boolean> {
    const { deploymentInfo } = await codeDeploy.send(new GetDeploymentCommand({ deploymentId }), { abortSignal });
    return deploymentInfo?.status === "Succeeded";
}
