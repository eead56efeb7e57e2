import type { CommandContext } from "../context";
import type { ExitCode } from "../exit-code";

export interface PreviewWords {
    /** Where Pulumi keeps its state; undefined for where it is logged in. */
    readonly backend?: string;
    readonly json?: boolean;
    readonly markdown?: string;
    readonly expectNoChanges?: boolean;
}

export function previewCommand(_stack: string, _words: PreviewWords, _context: CommandContext): Promise<ExitCode> {
    throw new Error("not yet");
}
