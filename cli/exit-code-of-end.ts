import type { DeploymentEnd } from "../release/deployment-end";
import { type ExitCode, exitCodes } from "./exit-code";

/** The exit code that the end of a deployment stands for. */
export function exitCodeOfEnd({ result }: Pick<DeploymentEnd, "result">): ExitCode {
    if (result === "succeeded") return exitCodes.done;
    return result === "rolledBack" ? exitCodes.rolledBack : exitCodes.failed;
}
