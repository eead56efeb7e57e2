import type { DeploymentResult } from "./journal";

/** An instance that a deployment could not bring its release to, as CodeDeploy tells it. */
export interface FailedInstance {
    readonly instanceId: string;
    /** Lifecycle event that failed; undefined when CodeDeploy names none, as when the agent never answered. */
    readonly event?: string;
    readonly script?: string;
    /** CodeDeploy's own word, such as `ScriptFailed`. */
    readonly errorCode?: string;
    readonly message?: string;
    /** The last 2,048 bytes of what the event's scripts printed, as the agent has reported them. */
    readonly logTail?: string;
}

/** How a deployment ended. */
export interface DeploymentEnd {
    readonly deploymentId: string;
    /** `rolledBack` only when it failed and CodeDeploy's roll back succeeded; `stopped` when a person stopped it, whatever came of the roll back. */
    readonly result: Exclude<DeploymentResult, "inProgress">;
    /** Why it failed, in CodeDeploy's words. */
    readonly reason?: string;
    /** CodeDeploy's own deployment of the release before, whatever came of it. */
    readonly rollbackDeploymentId?: string;
    /** What came of that one. */
    readonly rollbackResult?: "succeeded" | "failed";
    readonly failedInstances: readonly FailedInstance[];
}
