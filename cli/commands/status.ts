import type { CommandContext } from "../context";
import type { ExitCode } from "../exit-code";


export function statusCommand(_stack: string, _context: CommandContext): Promise<ExitCode> {
    throw new Error("not yet");
}
