import { CommanderError } from "commander";
import { exitCodes, type ExitCode } from "./exit-code";

// By name, so that telling an error does not load the module that throws it.
const codes: Readonly<Record<string, ExitCode>> = {
    SettingsError: exitCodes.usage,
    ProgramError: exitCodes.usage,
    PlanError: exitCodes.usage,
    DaemonInUseError: exitCodes.needsPerson,
};

/** The exit code that a failure stands for. */
export function exitCodeOf(error: unknown, signal: AbortSignal): number {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    if (signal.aborted) return exitCodes.interrupted;
    return error instanceof Error ? (codes[error.name] ?? exitCodes.failed) : exitCodes.failed;
}

/** A failure for a person: its message, without a stack. Unforeseen ones keep theirs, because it is all there is. */
export function explain(error: unknown): string {
    if (!(error instanceof Error)) return String(error);
    if (error.name === "AbortError") return "Interrupted; everything that was started has been removed.";
    const foreseen = error.name !== "Error" && error.name !== "TypeError" && error.name !== "ReferenceError";
    return foreseen ? error.message : (error.stack ?? error.message);
}
