import type { DeploymentEnd } from "../deployment-end";
import type { ColourRollEnd } from "./blue-green/roll-options";

/** The end of a roll from one colour to the other, as that of a deployment is told. */
export function endOfRoll({ roll: { id, kind, from, to, warmSeconds }, result, reason, problem, left, codeDeployId, failedInstances }: ColourRollEnd): DeploymentEnd {
    // What could not be tidied up may be this very end.
    const isWarm = result === "succeeded" && warmSeconds > 0 && left.length === 0;
    return {
        deploymentId: id, result, failedInstances,
        ...(reason !== undefined && { reason }),
        roll: { kind, from, to, left, ...(codeDeployId !== undefined && { codeDeployId }), ...(problem !== undefined && { problem }), ...(isWarm && { warmSeconds }) },
    };
}
