import type { CodeDeployClient } from "@aws-sdk/client-codedeploy";
import type { Clock } from "../clock";
import type { Stage } from "../stage";
import type { StoredRelease } from "./releases";

/** A deployment of a stage that has not ended. */
export interface RunningDeployment {
    readonly deploymentId: string;
    readonly description?: string;
    readonly since: Date;
}

export interface WaitOptions {
    readonly clock: Clock;
    readonly signal: AbortSignal;
    readonly tell: { step(text: string): void; warn(text: string): void };
    /** Minutes to wait for somebody else's deployment. */
    readonly waitMinutes: number;
}

/** Has CodeDeploy deploy a release; the id of the deployment. Never makes two. */
export function createDeployment(
    _codeDeploy: CodeDeployClient, _stage: Stage, _release: StoredRelease, _options: WaitOptions & { readonly who: string },
): Promise<string> {
    throw new Error("not yet");
}

/** What is being deployed to a stage, by whomever; undefined for nothing. */
export function runningDeployment(_codeDeploy: CodeDeployClient, _stage: Stage): Promise<RunningDeployment | undefined> {
    throw new Error("not yet");
}

/** Waits until nobody deploys to the stage. @throws DeliveryError (needsPerson) when that takes longer than it may */
export function awaitNobodyDeploying(_codeDeploy: CodeDeployClient, _stage: Stage, _options: WaitOptions): Promise<void> {
    throw new Error("not yet");
}

/** Has CodeDeploy stop a deployment and roll back. */
export function stopDeployment(_codeDeploy: CodeDeployClient, _deploymentId: string): Promise<void> {
    throw new Error("not yet");
}
