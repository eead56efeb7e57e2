import type { DeploymentEnd } from "../deployment-end";
import type { ColourRollEnd } from "./blue-green/roll-options";

/** The end of a roll from one colour to the other, as that of a deployment is told. */
export function endOfRoll({ roll: { id, kind, from, to, bakeSeconds }, result, reason, problem, left, codeDeployId, call, failedInstances }: ColourRollEnd): DeploymentEnd {
    return {
        deploymentId: id, result, failedInstances,
        ...(reason !== undefined && { reason }),
        roll: { kind, from, to, left, bakeSeconds, ...(codeDeployId !== undefined && { codeDeployId }), ...(problem !== undefined && { problem }), ...(call && { callMs: call.ms }) },
    };
}
