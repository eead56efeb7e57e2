import type { OutputMap } from "@pulumi/pulumi/automation";
import type { Timer } from "../../release/timer";
import type { CommandContext } from "../context";
import { count } from "./engine/change-words";
import { agreed, confirm, type Consent, needSomeone } from "./confirm";
import { perform, type Performed } from "./engine/perform";
import { examine, openStack, type OpenStack } from "./pulumi/stack";
import { withStageToItself } from "./locks/stage-in-use";
import { renderSummary } from "./engine/summary";
import { systemTools, type Tools } from "./tools";
import { applySizes, tellUnfinishedRoll } from "./unfinished-roll";

/** What `up` has come to. Whatever fails is thrown. */
export interface Updated {
    readonly outputs: OutputMap;
}

export interface UpWishes {
    /** Where Pulumi keeps its state; undefined for where it is logged in. */
    readonly backend?: string;
    /** Minutes for whoever deploys or changes the stack to end. */
    readonly wait: number;
    readonly yes?: boolean;
}

/** Previews, asks, and makes or changes what a stack has on AWS, while no deployment runs and nobody else changes the stack. */
export async function up(stack: string, words: UpWishes, context: CommandContext, tools: Tools = systemTools()): Promise<Updated> {
    const { performed, outputs } = await tryUp(stack, words, context, tools);
    if (performed.failure) throw performed.failure;
    return { outputs };
}

interface Tried {
    readonly performed: Performed;
    /** None when it failed. */
    readonly outputs: OutputMap;
}

/** As `up`, but a failure of the engine is part of the answer. */
export async function tryUp(stack: string, words: UpWishes, context: CommandContext, tools: Tools): Promise<Tried> {
    const consent = { yes: words.yes ?? false, ask: tools.ask };
    needSomeone(consent, `change ${stack}`, `look with ./gapless preview ${stack}, and say --yes`);
    const open = await openStack(stack, words, context, tools, "create");
    const { resourceCount } = await examine(open, context);
    const preview = await previewOf(open, resourceCount, context, tools);
    if (preview.failure) return { performed: preview, outputs: {} };
    if (preview.operation.changed) await agree(open, preview, context, consent);
    // Also when nothing changes on AWS: outputs and protections lie in Pulumi's state alone.
    return withStageToItself({ command: "up", stack, waitMinutes: words.wait, timer: tools.timer }, context, async (signal, stage) => {
        if (stage) await tellUnfinishedRoll(stage, open.config[`${open.project}:strategy`], context, signal);
        const tried = await update(open, preview, context, { signal, timer: tools.timer });
        if (stage?.stage.blueGreen !== undefined && !tried.performed.failure) await applySizes(stack, context, signal);
        return tried;
    });
}

export function previewOf({ name, project, pulumi }: OpenStack, expected: number, context: CommandContext, { timer }: Tools): Promise<Performed> {
    return perform({ verb: "preview", stack: name, project, expected, signal: context.signal, timer }, context, options => pulumi.preview(options));
}

async function agree({ name, project, config }: OpenStack, preview: Performed, context: CommandContext, consent: Consent): Promise<void> {
    if (!consent.yes) for (const line of renderSummary(name, preview).split("\n")) context.tell.step(line);
    const what = count("preview", preview.operation.changesOf());
    await confirm(consent, `Change ${name} of ${project} in ${config["aws:region"] ?? "AWS"} (${what})? yes or no: `, agreed, context);
}

async function update({ name, project, pulumi }: OpenStack, preview: Performed, context: CommandContext, by: { readonly signal: AbortSignal; readonly timer: Timer }): Promise<Tried> {
    let outputs: OutputMap = {};
    const performed = await perform({ verb: "up", stack: name, project, expected: preview.operation.total, ...by }, context, async options => {
        ({ outputs } = await pulumi.up({ ...options, showSecrets: false }));
    });
    return { performed, outputs };
}
