import { BatchGetDeploymentsCommand, type CodeDeployClient, type DeploymentInfo } from "@aws-sdk/client-codedeploy";
import { isRollId, rollUnderWay } from "../roll-history";
import type { History } from "./history";

/**
 * Whether a release serves on every instance, so that to deploy it once more would change nothing. Where a later deployment
 * has failed, been stopped or left instances out, some of them may run something else. Launches of instances get what serves.
 */
export async function servesAlready(codeDeploy: CodeDeployClient, { running, newest, colours }: Pick<History, "running" | "newest" | "colours">, version: string, signal?: AbortSignal): Promise<boolean> {
    if (running?.version !== version) return false;
    // What a roll does on the other colour changes nothing here, once it is over.
    if (running.deploymentId === undefined || isRollId(running.deploymentId)) return colours === undefined || rollUnderWay(colours) === undefined;
    if (newest === undefined || running.deploymentId !== newest) return false;
    const { deploymentsInfo = [] } = await codeDeploy.send(new BatchGetDeploymentsCommand({ deploymentIds: [newest] }), { ...(signal && { abortSignal: signal }) });
    return deploymentsInfo.every(leftNobodyOut);
}

function leftNobodyOut({ deploymentOverview: { Failed = 0, Skipped = 0 } = {} }: DeploymentInfo): boolean {
    return Failed === 0 && Skipped === 0;
}
