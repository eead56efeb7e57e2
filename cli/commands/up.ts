import { tryUp } from "../automation/up";
import { renderSummary, summarize } from "../automation/summary";
import { systemTools, type Tools } from "../automation/tools";
import type { CommandContext } from "../context";
import { exitCodes, type ExitCode } from "../exit-code";

export interface UpWords {
    /** Where Pulumi keeps its state; undefined for where it is logged in. */
    readonly backend?: string;
    readonly json?: boolean;
    readonly wait: number;
    readonly yes?: boolean;
}

export async function upCommand(stack: string, words: UpWords, context: CommandContext, tools: Tools = systemTools()): Promise<ExitCode> {
    const { performed, outputs } = await tryUp(stack, words, context, tools);
    context.print(summarize(stack, performed, outputs), renderSummary(stack, performed));
    if (performed.failure) throw performed.failure;
    return exitCodes.done;
}
