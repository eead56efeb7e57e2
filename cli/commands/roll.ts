import { roll } from "../../release/aws/roll";
import { thisOwner } from "../../release/aws/stage-lock";
import { clientsOf } from "../clients";
import type { CommandContext } from "../context";
import { exitCodes, type ExitCode } from "../exit-code";
import { followView } from "../follow-view";
import { openStage, type OpenStage } from "../open-stage";
import { tellEnd } from "../tell-end";
import type { WaitWords } from "../words/release";

/** Puts an existing release onto the fleet, past the pipeline. */
export async function rollCommand(stack: string, version: string, words: WaitWords, context: CommandContext): Promise<ExitCode> {
    return rollAndTell(await openStage(stack, context), version, "roll", words, context);
}

/** Rolls a release, and prints how that ended. */
export async function rollAndTell(open: OpenStage, version: string, by: "roll" | "rollback", { wait }: WaitWords, context: CommandContext): Promise<ExitCode> {
    const { stage } = open;
    const { clock, signal, env, tell } = context;
    const end = await roll(clientsOf(open), stage, { version }, {
        by, clock, signal, stack: stage.stack, tell: followView(tell), owner: thisOwner(env), waitMinutes: wait,
    });
    if (end !== undefined) return tellEnd(open, { version }, end, context);
    context.print({ stack: stage.stack, version, result: "alreadyServing" }, `Nothing new: release ${version} serves in ${stage.stack} already: ${stage.url}`);
    return exitCodes.done;
}
