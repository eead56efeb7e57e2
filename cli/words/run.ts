import type { CommandContext } from "../context";
import type { ExitCode } from "../exit-code";

export interface RunWords {
    readonly json?: boolean;
    /** Whether the command prints by itself, so that its failures are told on standard error alone. @default false */
    readonly printsItself?: boolean;
}

/** Runs a command in its surroundings and takes its exit code. */
export type Run = (words: RunWords, command: (context: CommandContext) => Promise<ExitCode>) => Promise<void>;
