import type { CommandContext } from "../context";
import type { ExitCode } from "../exit-code";

export interface UpWords {
    /** Where Pulumi keeps its state; undefined for where it is logged in. */
    readonly backend?: string;
    readonly json?: boolean;
    readonly wait: number;
    readonly yes?: boolean;
}

export function upCommand(_stack: string, _words: UpWords, _context: CommandContext): Promise<ExitCode> {
    throw new Error("not yet");
}
