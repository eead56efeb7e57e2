import type { CommandContext } from "../context";
import type { ExitCode } from "../exit-code";

export interface RefreshWords {
    /** Where Pulumi keeps its state; undefined for where it is logged in. */
    readonly backend?: string;
    readonly json?: boolean;
    readonly yes?: boolean;
}

export function refreshCommand(_stack: string, _words: RefreshWords, _context: CommandContext): Promise<ExitCode> {
    throw new Error("not yet");
}
