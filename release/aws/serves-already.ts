import { BatchGetDeploymentsCommand, type CodeDeployClient, type DeploymentInfo, GetDeploymentGroupCommand } from "@aws-sdk/client-codedeploy";
import type { Running } from "../history";
import type { Stage } from "../stage";

/**
 * Whether a release serves on every instance, so that to deploy it once more would change nothing. Where a later deployment
 * has failed, been stopped or left instances out, some of them may run something else.
 */
export async function servesAlready(codeDeploy: CodeDeployClient, stage: Stage, running: Running | undefined, version: string, signal?: AbortSignal): Promise<boolean> {
    if (running?.version !== version) return false;
    const { deploymentId } = running;
    const options = { ...(signal && { abortSignal: signal }) };
    const [{ deploymentGroupInfo: group }, { deploymentsInfo = [] }] = await Promise.all([
        codeDeploy.send(new GetDeploymentGroupCommand({ applicationName: stage.codeDeployApplication, deploymentGroupName: stage.deploymentGroup }), options),
        codeDeploy.send(new BatchGetDeploymentsCommand({ deploymentIds: [deploymentId] }), options),
    ]);
    return group?.lastAttemptedDeployment?.deploymentId === deploymentId && deploymentsInfo.every(leftNobodyOut);
}

function leftNobodyOut({ deploymentOverview: { Failed = 0, Skipped = 0 } = {} }: DeploymentInfo): boolean {
    return Failed === 0 && Skipped === 0;
}
