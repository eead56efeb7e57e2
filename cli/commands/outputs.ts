import type { CommandContext } from "../context";
import type { ExitCode } from "../exit-code";

export interface OutputsWords {
    /** Where Pulumi keeps its state; undefined for where it is logged in. */
    readonly backend?: string;
    readonly json?: boolean;
    readonly showSecrets?: boolean;
}

export function outputsCommand(_stack: string, _words: OutputsWords, _context: CommandContext): Promise<ExitCode> {
    throw new Error("not yet");
}
