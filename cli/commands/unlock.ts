import type { CommandContext } from "../context";
import type { ExitCode } from "../exit-code";

export interface UnlockWords {
    /** Where Pulumi keeps its state; undefined for where it is logged in. */
    readonly backend?: string;
    readonly json?: boolean;
    readonly force?: boolean;
}

export function unlockCommand(_stack: string, _words: UnlockWords, _context: CommandContext): Promise<ExitCode> {
    throw new Error("not yet");
}
