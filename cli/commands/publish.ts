import type { CommandContext } from "../context";
import type { ExitCode } from "../exit-code";

export interface PublishWords {
    readonly image?: string;
    readonly json?: boolean;
}

export function publishCommand(_stack: string, _words: PublishWords, _context: CommandContext): Promise<ExitCode> {
    throw new Error("not yet");
}
