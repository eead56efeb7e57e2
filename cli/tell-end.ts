import { type BadEnd, gatherFailure } from "../release/aws/failure-page";
import type { DeploymentEnd } from "../release/deployment-end";
import { renderFailure } from "../release/failure-page";
import { clientsOf } from "./clients";
import type { CommandContext } from "./context";
import { exitCodeOfEnd } from "./exit-code-of-end";
import { type ExitCode, exitCodes } from "./exit-code";
import type { OpenStage } from "./open-stage";

/** What is known of a release, for machines. */
export interface ToldRelease {
    readonly version?: string;
    readonly image?: string;
    readonly commit?: string;
    readonly objectVersion?: string;
    /** Execution of the pipeline that has deployed it. */
    readonly executionId?: string;
}

/** Prints how a deployment ended: a line of a success, the failure page of anything else. */
export async function tellEnd(open: OpenStage, release: ToldRelease, end: DeploymentEnd, context: CommandContext): Promise<ExitCode> {
    const { stack } = open.stage;
    if (isBad(end)) {
        await printFailure(open, release, end, context);
    } else {
        context.print({ stack, ...release, ...end }, tellServing(open, release.version ?? `of deployment ${end.deploymentId}`));
    }
    return exitCodeOfEnd(end);
}

/** Prints the failure page. */
export async function printFailure(open: OpenStage, release: ToldRelease, end: BadEnd, context: CommandContext): Promise<void> {
    const { stack } = open.stage;
    const failure = await explainEnd(open, release, end, context);
    context.print({ stack, ...release, ...end, failure }, renderFailure(failure, stack));
}

/** The line of a success. */
export function tellServing({ stage: { stack, url } }: OpenStage, release: string): string {
    return `Release ${release} serves in ${stack}: ${url}`;
}

/** What is known of a deployment that did not succeed. */
async function explainEnd(open: OpenStage, { version }: ToldRelease, end: BadEnd, { clock, signal, tell }: CommandContext) {
    tell.step("looking for what failed");
    const failure = await gatherFailure(clientsOf(open), open.stage, end, { clock, signal });
    // A pipeline deploys a copy of its own, by which nobody knows the release.
    return { ...failure, ...(version !== undefined && { version }) };
}

export function isBad(end: DeploymentEnd): end is BadEnd {
    return end.result !== "succeeded";
}

/** Says that there was nothing to do. */
export function tellNothingNew({ stage: { stack, url } }: OpenStage, version: string, context: CommandContext): ExitCode {
    context.print({ stack, version, result: "alreadyServing" }, `Nothing new: release ${version} serves in ${stack} already: ${url}`);
    return exitCodes.done;
}
