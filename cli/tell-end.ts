import { warmColour } from "../release/aws/blue-green/warm-colour";
import { readColourDocument } from "../release/aws/colour-document";
import { type BadEnd, gatherFailure } from "../release/aws/failure-page";
import type { DeploymentEnd, RollEnd } from "../release/deployment-end";
import { renderFailure } from "../release/failure-page";
import { inSeconds } from "../release/time-text";
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
        const roll = end.roll && await withWarmth(open, end.roll, context);
        context.print({ stack, ...release, ...end, ...(roll && { roll }) }, roll === undefined ? serving : `${serving}\n${tellColours(open, roll)}`);
    }
    return exitCodeOfEnd(end);
}

/** What was written down counts: after a first release, or when what served has gone meanwhile, there is no colour to go back to. */
async function withWarmth({ stage: { stack, releaseBucket }, access }: OpenStage, roll: RollEnd, { clock, signal, tell }: CommandContext): Promise<RollEnd> {
    try {
        const warm = warmColour(await readColourDocument(clientsOf({ access }).s3, releaseBucket, signal), clock.now());
        return warm?.colour === roll.from ? { ...roll, warmUntil: warm.until } : roll;
    } catch (error) {
        signal.throwIfAborted();
        tell.warn(`until when one call leads back could not be seen: ${(error as Error).message} It stands in ./gapless status ${stack}`);
        return roll;
    }
}

/** Which colour serves, and until when the other one is a way back. */
function tellColours({ stage: { stack } }: OpenStage, roll: RollEnd): string {
    const { kind, from, to, warmUntil } = roll;
    const serves = `${to} serves${kind === "flip" ? tellCall(roll) : ""}`;
    if (warmUntil === undefined) return `${serves}; no release waits on ${from}, so there is no way back by one call.`;
    // A rollback goes by what has served before, and that may be a third release.
    const back = kind === "flip" ? "flip" : "rollback";
    return `${serves}; ${from} stays warm until ${inSeconds(warmUntil)}, until when ./gapless ${back} ${stack} goes back by one call.`;
}

function tellCall({ callMs, secondsToCall, bakeSeconds = 0 }: RollEnd): string {
    if (callMs === undefined || secondsToCall === undefined) return "";
    const watched = bakeSeconds > 0 ? `, and was watched for ${bakeSeconds} s after it` : "";
    return ` by one call of ${callMs} ms, which ended ${secondsToCall.toFixed(1)} s after this was asked for${watched}`;
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
