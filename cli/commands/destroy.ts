import type { CommandContext } from "../context";
import type { ExitCode } from "../exit-code";

export interface DestroyWords {
    /** Where Pulumi keeps its state; undefined for where it is logged in. */
    readonly backend?: string;
    readonly json?: boolean;
    readonly yes?: string;
}

export function destroyCommand(_stack: string, _words: DestroyWords, _context: CommandContext): Promise<ExitCode> {
    throw new Error("not yet");
}
