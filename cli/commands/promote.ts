import type { CommandContext } from "../context";
import type { ExitCode } from "../exit-code";

import type { WaitWords } from "../words/release";

export function promoteCommand(_from: string, _to: string, _words: WaitWords, _context: CommandContext): Promise<ExitCode> {
    throw new Error("not yet");
}
