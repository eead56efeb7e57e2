import type { CommandContext } from "../context";
import type { ExitCode } from "../exit-code";

export interface LogsWords {
    /** Seconds. */
    readonly since: number;
    readonly instance?: string;
    readonly filter?: string;
    readonly follow?: boolean;
    readonly json?: boolean;
}

export function logsCommand(_stack: string, _words: LogsWords, _context: CommandContext): Promise<ExitCode> {
    throw new Error("not yet");
}
