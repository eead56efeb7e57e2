import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { DeliveryError } from "../../release/aws/error";
import { commitOfBuild } from "../../release/identity";
import { count } from "../automation/engine/change-words";
import { renderMarkdown } from "../automation/engine/markdown";
import { examine, openStack } from "../automation/pulumi/stack";
import { renderSummary, summarize } from "../automation/engine/summary";
import { systemTools, type Tools } from "../automation/tools";
import { previewOf } from "../automation/up";
import type { CommandContext } from "../context";
import { exitCodes, type ExitCode } from "../exit-code";

export interface PreviewWords {
    /** Where Pulumi keeps its state; undefined for where it is logged in. */
    readonly backend?: string;
    readonly json?: boolean;
    readonly markdown?: string;
    readonly expectNoChanges?: boolean;
}

export async function previewCommand(stack: string, words: PreviewWords, context: CommandContext, tools: Tools = systemTools()): Promise<ExitCode> {
    // A stack without state gets an empty one: there is no other way to see what up would make.
    const open = await openStack(stack, words, context, tools, "create");
    const { resourceCount } = await examine(open, context);
    const performed = await previewOf(open, resourceCount, context, tools);
    context.print(summarize(stack, performed), renderSummary(stack, performed));
    if (words.markdown !== undefined) await write(resolve(context.callerFolder, words.markdown), renderMarkdown({ project: open.project, stack, commit: commitOfBuild(context.env) }, performed));
    if (performed.failure) throw performed.failure;

    const changes = performed.operation.changesOf();
    if (words.expectNoChanges && changes.length > 0) {
        throw new DeliveryError(`No changes of ${stack} were expected, and there are: ${count("preview", changes)}. They are ${changes.map(({ name }) => name).join(", ")}.`);
    }
    return exitCodes.done;
}

async function write(file: string, text: string): Promise<void> {
    try {
        await writeFile(file, text);
    } catch (cause) {
        throw new DeliveryError(`The summary cannot be written to ${file}: ${(cause as Error).message}`, "usage", { cause });
    }
}
