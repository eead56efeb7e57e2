import { type CodeDeployClient, StopDeploymentCommand } from "@aws-sdk/client-codedeploy";
import { isRelease } from "../history";
import type { Stage } from "../stage";
import { inSeconds } from "../time-text";
import { listDeployments } from "./deployment-infos";

/** A deployment of a stage that has not ended. */
export interface RunningDeployment {
    readonly deploymentId: string;
    readonly description?: string;
    readonly since: Date;
    /** The deployment that it takes back, where CodeDeploy does so by itself. */
    readonly rollsBack?: string;
}

/** What is being deployed to a stage, by whomever; undefined for nothing. Instances that are launched get what serves: they do not count. */
export async function runningDeployment(codeDeploy: CodeDeployClient, stage: Stage, signal?: AbortSignal): Promise<RunningDeployment | undefined> {
    const running = await listDeployments(codeDeploy, stage, { includeOnlyStatuses: ["Created", "Queued", "InProgress", "Baking", "Ready"], signal });
    const [found] = running.flatMap(({ deploymentId = "", creator = "user", createTime = new Date(0), description, rollbackInfo }) => {
        if (!isRelease({ creator })) return [];
        const rollsBack = rollbackInfo?.rollbackTriggeringDeploymentId;
        return [{ deploymentId, since: createTime, ...(description && { description }), ...(rollsBack && { rollsBack }) }];
    });
    return found;
}

/** A deployment for a person: its name, what it is, since when. */
export function describeRunning({ deploymentId, description, since }: RunningDeployment): string {
    return `deployment ${deploymentId} (${description ?? "without description"}), which runs since ${inSeconds(since)}`;
}

/** Has CodeDeploy stop a deployment and roll back; false when it had ended before. */
export async function stopDeployment(codeDeploy: CodeDeployClient, deploymentId: string, signal?: AbortSignal): Promise<boolean> {
    try {
        await codeDeploy.send(new StopDeploymentCommand({ deploymentId, autoRollbackEnabled: true }), { ...(signal && { abortSignal: signal }) });
        return true;
    } catch (error) {
        if (error instanceof Error && error.name === "DeploymentAlreadyCompletedException") return false;
        throw error;
    }
}
