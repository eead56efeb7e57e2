import { agreed, confirm, needSomeone } from "../automation/confirm";
import { perform } from "../automation/engine/perform";
import { withStageToItself } from "../automation/locks/stage-in-use";
import { examine, openStack } from "../automation/pulumi/stack";
import { renderSummary, summarize } from "../automation/engine/summary";
import { systemTools, type Tools } from "../automation/tools";
import type { CommandContext } from "../context";
import { exitCodes, type ExitCode } from "../exit-code";

export interface RefreshWords {
    /** Where Pulumi keeps its state; undefined for where it is logged in. */
    readonly backend?: string;
    readonly json?: boolean;
    readonly wait: number;
    readonly yes?: boolean;
}

/**
 * Changes nothing on AWS, but what Pulumi takes for granted afterwards. In the midst of a deployment that would be a target group
 * without hosts, which the next `up` would defend.
 */
export async function refreshCommand(stack: string, words: RefreshWords, context: CommandContext, tools: Tools = systemTools()): Promise<ExitCode> {
    const consent = { yes: words.yes ?? false, ask: tools.ask };
    needSomeone(consent, `refresh ${stack}`, "say --yes");
    const open = await openStack(stack, words, context, tools, "refuse");
    const { resourceCount, pending } = await examine(open, context);
    await confirm(consent, `Read ${resourceCount} resources of ${stack} from AWS into Pulumi's state? yes or no: `, agreed, context);
    const { timer } = tools;
    const performed = await withStageToItself({ command: "refresh", stack, waitMinutes: words.wait, timer }, context, signal =>
        perform({ verb: "refresh", stack, project: open.project, expected: resourceCount, signal, timer }, context,
            // Without it Pulumi would ask about each of them, and here nobody can answer.
            options => open.pulumi.refresh({ ...options, showSecrets: false, clearPendingCreates: pending.length > 0 })));
    context.print(summarize(stack, performed), renderSummary(stack, performed));
    if (performed.failure) throw performed.failure;
    return exitCodes.done;
}
