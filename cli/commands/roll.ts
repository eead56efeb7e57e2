import { roll, type RollOptions } from "../../release/aws/roll";
import { thisOwner } from "../../release/aws/stage-lock";
import type { DeploymentEnd } from "../../release/deployment-end";
import { clientsOf } from "../clients";
import type { CommandContext } from "../context";
import type { ExitCode } from "../exit-code";
import { followView } from "../follow-view";
import { openStage, type OpenStage } from "../open-stage";
import { tellEnd, tellNothingNew } from "../tell-end";
import type { WaitWords } from "../words/release";

/** Puts an existing release onto the fleet, past the pipeline. */
export async function rollCommand(stack: string, version: string, words: WaitWords, context: CommandContext): Promise<ExitCode> {
    const open = await openStage(stack, context);
    const end = await roll(clientsOf(open), open.stage, { version }, rollOptions(open, "roll", words, context));
    return tellRolled(open, version, end, context);
}

export function rollOptions({ stage }: OpenStage, by: RollOptions["by"], { wait }: WaitWords, { clock, signal, env, tell }: CommandContext): RollOptions {
    return { by, clock, signal, stack: stage.stack, tell: followView(tell), owner: thisOwner(env), waitMinutes: wait };
}

/** Prints how a release was rolled. @param end undefined when it serves already */
export function tellRolled(open: OpenStage, version: string, end: DeploymentEnd | undefined, context: CommandContext): Promise<ExitCode> | ExitCode {
    if (end !== undefined) return tellEnd(open, { version }, end, context);
    return tellNothingNew(open, version, context);
}
