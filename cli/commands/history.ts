import type { CommandContext } from "../context";
import type { ExitCode } from "../exit-code";

export interface HistoryWords {
    readonly limit: number;
    readonly json?: boolean;
}

export function historyCommand(_stack: string, _words: HistoryWords, _context: CommandContext): Promise<ExitCode> {
    throw new Error("not yet");
}
