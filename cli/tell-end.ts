import { type BadEnd, gatherFailure } from "../release/aws/failure-page";
import type { DeploymentEnd, RollEnd } from "../release/deployment-end";
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
    for (const left of end.roll?.left ?? []) context.tell.warn(left);
    if (isBad(end)) {
        await printFailure(open, release, end, context);
    } else {
        const serving = tellServing(open, release.version ?? `of deployment ${end.deploymentId}`);
        context.print({ stack, ...release, ...end }, end.roll === undefined ? serving : `${serving}\n${tellColours(open, end.roll)}`);
    }
    return exitCodeOfEnd(end);
}

/** Which colour serves, and for how long the other one is a way back. */
function tellColours({ stage: { stack } }: OpenStage, { kind, from, to, seconds, warmSeconds }: RollEnd): string {
    const how = kind === "flip" && seconds !== undefined ? `, by one call, ${seconds.toFixed(1)} s after this was asked for` : "";
    if (warmSeconds === undefined) return `${to} serves${how}.`;
    return `${to} serves${how}; ${from} stays warm for ${Math.round(warmSeconds / 60)} minutes, in which ./gapless rollback ${stack} goes back by one call.`;
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
