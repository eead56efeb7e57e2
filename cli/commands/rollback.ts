import type { CommandContext } from "../context";
import type { ExitCode } from "../exit-code";

export interface RollbackWords {
    readonly to?: number | string;
    readonly wait: number;
    readonly json?: boolean;
}

export function rollbackCommand(_stack: string, _words: RollbackWords, _context: CommandContext): Promise<ExitCode> {
    throw new Error("not yet");
}
