import type { CommandContext } from "../context";
import type { ExitCode } from "../exit-code";

import type { WaitWords } from "../words/release";

export function rollCommand(_stack: string, _version: string, _words: WaitWords, _context: CommandContext): Promise<ExitCode> {
    throw new Error("not yet");
}
