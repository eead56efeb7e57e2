import type { CodeDeployClient } from "@aws-sdk/client-codedeploy";
import type { Clock } from "../clock";
import type { DeploymentEnd } from "../deployment-end";
import type { Progress } from "../deployment-progress";

export type { DeploymentEnd, FailedInstance } from "../deployment-end";

/** Tells what a deployment does. A command's teller is one. */
export interface FollowTell {
    step(text: string): void;
    warn(text: string): void;
    /** Shows how far it is, as a picture; undefined when it is over. @default each change is a step */
    readonly progress?: (progress: Progress | undefined) => void;
}

export interface FollowOptions {
    readonly clock: Clock;
    /** Ends the waiting, not the deployment. */
    readonly signal: AbortSignal;
    readonly tell: FollowTell;
    /** Minutes for which AWS may not be to be asked. @default 10 */
    readonly patienceMinutes?: number;
}

/**
 * Follows a deployment, and CodeDeploy's roll back of it, until the end.
 * @throws DeliveryError when AWS cannot be asked any more; the signal's reason when it is aborted. Both say that the deployment goes on.
 */
export function followDeployment(_codeDeploy: CodeDeployClient, _deploymentId: string, _options: FollowOptions): Promise<DeploymentEnd> {
    throw new Error("not yet");
}
