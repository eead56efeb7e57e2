import { CommanderError } from "commander";
import { exitCodes, type ExitCode } from "./exit-code";

// By name, so that telling an error does not load the module that throws it.
const codes: Readonly<Record<string, ExitCode>> = {
    BusyPortError: exitCodes.usage,
    PlanError: exitCodes.usage,
    RouteError: exitCodes.usage,
    DaemonInUseError: exitCodes.needsPerson,
};

/** The exit code that a failure stands for. */
export function exitCodeOf(error: unknown, signal: AbortSignal): number {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    if (signal.aborted) return exitCodes.interrupted;
    if (!(error instanceof Error)) return exitCodes.failed;
    // The program knows itself whether its settings or its code are to blame.
    if (error.name === "ProgramError") return (error as Error & { readonly exitCode: ExitCode }).exitCode;
    return codes[error.name] ?? exitCodes.failed;
}

const unforeseen: readonly string[] = ["Error", "TypeError", "RangeError", "ReferenceError"];

/** A failure for a person: its message, without a stack. Unforeseen ones keep theirs, because it is all there is. */
export function explain(error: unknown): string {
    if (!(error instanceof Error)) return String(error);
    if (error.name === "SuppressedError") {
        // Leaving a block failed (error) after the block itself had failed (suppressed), which comes first.
        const { suppressed, error: later } = error as Error & { readonly suppressed: unknown; readonly error: unknown };
        return `${explain(suppressed)}\n${explain(later)}`;
    }
    if (error.name === "AbortError") return "Interrupted.";
    return unforeseen.includes(error.name) ? (error.stack ?? error.message) : error.message;
}
