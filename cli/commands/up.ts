import { renderSummary, summarize } from "../automation/engine/summary";
import { systemTools, type Tools } from "../automation/tools";
import { tryUp, type UpWishes } from "../automation/up";
import type { CommandContext } from "../context";
import { exitCodes, type ExitCode } from "../exit-code";

export interface UpWords extends UpWishes {
    readonly json?: boolean;
}

export async function upCommand(stack: string, words: UpWords, context: CommandContext, tools: Tools = systemTools()): Promise<ExitCode> {
    const { performed, outputs } = await tryUp(stack, words, context, tools);
    context.print(summarize(stack, performed, outputs), renderSummary(stack, performed));
    if (performed.failure) throw performed.failure;
    return exitCodes.done;
}
