import type { CommandContext } from "../context";
import type { ExitCode } from "../exit-code";

/** Runs a command in its surroundings and takes its exit code. */
export type Run = (words: { readonly json?: boolean }, command: (context: CommandContext) => Promise<ExitCode>) => Promise<void>;
