import { BatchGetDeploymentsCommand, type CodeDeployClient, type DeploymentInfo } from "@aws-sdk/client-codedeploy";
import type { History } from "./history";

/**
 * Whether a release serves on every instance, so that to deploy it once more would change nothing. Where a later deployment
 * has failed, been stopped or left instances out, some of them may run something else. Launches of instances get what serves.
 */
export async function servesAlready(codeDeploy: CodeDeployClient, { running, newest }: Pick<History, "running" | "newest">, version: string, signal?: AbortSignal): Promise<boolean> {
    if (running?.version !== version || running.deploymentId !== newest) return false;
    const { deploymentsInfo = [] } = await codeDeploy.send(new BatchGetDeploymentsCommand({ deploymentIds: [newest] }), { ...(signal && { abortSignal: signal }) });
    return deploymentsInfo.every(leftNobodyOut);
}

function leftNobodyOut({ deploymentOverview: { Failed = 0, Skipped = 0 } = {} }: DeploymentInfo): boolean {
    return Failed === 0 && Skipped === 0;
}
