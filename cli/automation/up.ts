import type { OutputMap } from "@pulumi/pulumi/automation";
import type { UpWords } from "../commands/up";
import type { CommandContext } from "../context";

/** What `up` has come to. Whatever fails is thrown. */
export interface Updated {
    /** Whether anything on AWS or among the outputs was changed. */
    readonly changed: boolean;
    readonly outputs: OutputMap;
}

/** Previews, asks, and makes or changes what a stack has on AWS, while no deployment runs and nobody else changes the stack. */
export function up(_stack: string, _words: Omit<UpWords, "json">, _context: CommandContext): Promise<Updated> {
    throw new Error("not yet");
}
