import type { Colour } from "./blue-green/colour";
import type { Roll } from "./blue-green/roll";
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
    /** `rolledBack` only when it failed and what served before is back; `stopped` when a person stopped it, whatever came of the roll back. */
    readonly result: Exclude<DeploymentResult, "inProgress">;
    /** Why it failed, in CodeDeploy's words. */
    readonly reason?: string;
    /** CodeDeploy's own deployment of the release before, whatever came of it. */
    readonly rollbackDeploymentId?: string;
    /** What came of that one. */
    readonly rollbackResult?: "succeeded" | "failed";
    readonly failedInstances: readonly FailedInstance[];
    /** Blue/green, where `deploymentId` is the roll's. */
    readonly roll?: RollEnd;
}

/** What else is known of the end of a roll from one colour to the other. */
export interface RollEnd {
    /** `flip` takes the other colour as it stands, by one call. */
    readonly kind: Roll["kind"];
    readonly from: Colour;
    readonly to: Colour;
    /** Of whoever drove it, from the wish to the end. */
    readonly seconds?: number;
    /** Milliseconds that the one call took by which all requests went over; undefined when another process made it. */
    readonly callMs?: number;
    /** Of whoever drove it, from the wish to the end of that call. */
    readonly secondsToCall?: number;
    /** Seconds for which the new colour was watched after each shift. */
    readonly bakeSeconds?: number;
    /** Until when one call leads back to `from`, ISO 8601; undefined when none does, as after a first release. */
    readonly warmUntil?: string;
    /** CodeDeploy's deployment to the new colour, once there was one. */
    readonly codeDeployId?: string;
    /** Why its way back is blocked, which needs a person. */
    readonly problem?: string;
    /** What could not be tidied up, a sentence each. */
    readonly left: readonly string[];
}
