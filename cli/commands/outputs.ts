import type { OutputMap } from "@pulumi/pulumi/automation";
import { describeFailure } from "../automation/engine/failure-text";
import { openStack } from "../automation/pulumi/stack";
import { maskedOutputs } from "../automation/engine/summary";
import { systemTools, type Tools } from "../automation/tools";
import type { CommandContext } from "../context";
import { exitCodes, type ExitCode } from "../exit-code";

export interface OutputsWords {
    /** Where Pulumi keeps its state; undefined for where it is logged in. */
    readonly backend?: string;
    readonly json?: boolean;
    readonly showSecrets?: boolean;
}

export async function outputsCommand(stack: string, words: OutputsWords, context: CommandContext, tools: Tools = systemTools()): Promise<ExitCode> {
    const { pulumi } = await openStack(stack, words, context, tools, "refuse");
    const outputs = await pulumi.outputs().catch((error: unknown) => { throw describeFailure(error, { stack, signal: context.signal }); });
    const shown = words.showSecrets ? inClear(outputs) : maskedOutputs(outputs);
    context.print(shown, renderOutputs(stack, shown));
    return exitCodes.done;
}

function inClear(outputs: OutputMap): Readonly<Record<string, unknown>> {
    return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value as unknown]));
}

function renderOutputs(stack: string, outputs: Readonly<Record<string, unknown>>): string {
    const names = Object.keys(outputs).sort();
    if (names.length === 0) return `${stack} tells nothing of itself yet: run ./gapless up ${stack}`;
    const width = Math.max(...names.map(name => name.length));
    return names.map(name => `${name.padEnd(width)}  ${asText(outputs[name])}`).join("\n");
}

function asText(value: unknown): string {
    return typeof value === "string" ? value : JSON.stringify(value);
}
