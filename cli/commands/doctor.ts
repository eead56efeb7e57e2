import type { CommandContext } from "../context";
import type { ExitCode } from "../exit-code";


export function doctorCommand(_stack: string, _words: { readonly backend?: string }, _context: CommandContext): Promise<ExitCode> {
    throw new Error("not yet");
}
