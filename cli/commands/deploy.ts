import type { CommandContext } from "../context";
import type { ExitCode } from "../exit-code";

export interface DeployWords {
    readonly image?: string;
    readonly direct?: boolean;
    readonly backend?: string;
    readonly yes?: boolean;
    readonly wait: number;
    readonly json?: boolean;
}

export function deployCommand(_stack: string, _words: DeployWords, _context: CommandContext): Promise<ExitCode> {
    throw new Error("not yet");
}
