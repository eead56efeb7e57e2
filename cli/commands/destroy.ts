import type { Leftover } from "../../release/leftover";
import { destroy } from "../automation/destroy";
import { renderSummary, summarize } from "../automation/engine/summary";
import { systemTools, type Tools } from "../automation/tools";
import type { CommandContext } from "../context";
import { exitCodes, type ExitCode } from "../exit-code";

export interface DestroyWords {
    /** Where Pulumi keeps its state; undefined for where it is logged in. */
    readonly backend?: string;
    readonly json?: boolean;
    readonly wait: number;
    readonly yes?: string;
}

/** Exit code 4 when something stays that a person has to look at. */
export async function destroyCommand(stack: string, words: DestroyWords, context: CommandContext, tools: Tools = systemTools()): Promise<ExitCode> {
    const { performed, leftovers } = await destroy(stack, words, context, tools);
    const summary = summarize(stack, performed);
    context.print({ ...summary, ...(leftovers && { leftovers }) }, [renderSummary(stack, performed), ...(leftovers ? [render(stack, leftovers)] : [])].join("\n"));
    if (performed.failure) throw performed.failure;
    return leftovers?.some(({ passing }) => !passing) ? exitCodes.needsPerson : exitCodes.done;
}

function render(stack: string, leftovers: readonly Leftover[]): string {
    const settings = `Settings and history of ${stack} are kept by Pulumi: pulumi stack rm ${stack} removes them.`;
    if (leftovers.length === 0) return `Nothing with its tags is left on AWS. ${settings}`;
    return ["Still listed with its tags:", ...leftovers.map(({ arn, kind, advice }) => `    ${kind}: ${advice}\n        ${arn}`), settings].join("\n");
}
