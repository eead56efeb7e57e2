import type { DeploymentEnd } from "../release/deployment-end";
import { type ExitCode, exitCodes } from "./exit-code";

/** The exit code that the end of a deployment stands for. */
export function exitCodeOfEnd({ result, roll }: Pick<DeploymentEnd, "result" | "roll">): ExitCode {
    if (roll?.problem !== undefined) return exitCodes.needsPerson;
    if (result === "succeeded") return exitCodes.done;
    return result === "rolledBack" ? exitCodes.rolledBack : exitCodes.failed;
}
