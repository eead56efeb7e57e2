import { CommanderError } from "commander";
import { refusalOf } from "../release/aws/refusal";
import { exitCodes, type ExitCode } from "./exit-code";

// By name, so that telling an error does not load the module that throws it.
const codes: Readonly<Record<string, ExitCode>> = {
    BundleError: exitCodes.usage,
    BundlePathError: exitCodes.usage,
    BusyPortError: exitCodes.usage,
    PlanError: exitCodes.usage,
    RecipeError: exitCodes.usage,
    ReportFileError: exitCodes.usage,
    RouteError: exitCodes.usage,
    StackFileError: exitCodes.usage,
    DaemonInUseError: exitCodes.needsPerson,
};

/** The exit code that a failure stands for. */
export function exitCodeOf(error: unknown, signal: AbortSignal): number {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    if (!(error instanceof Error)) return exitCodes.failed;
    // What went wrong first counts, but nobody may take an interrupted command for cleaned up when it is not.
    if (isSuppressed(error)) return signal.aborted ? exitCodes.failed : exitCodeOf(error.suppressed, signal);
    if (error.name === "CleanUpError") return exitCodes.failed;
    if (signal.aborted) return exitCodes.interrupted;
    return ownCodeOf(error) ?? codes[error.name] ?? exitCodes.failed;
}

/** Of errors that know themselves whether settings, AWS or code are to blame. */
function ownCodeOf(error: Error): ExitCode | undefined {
    if (error.name === "ProgramError") return (error as Error & { readonly exitCode: ExitCode }).exitCode;
    if (error.name === "DeliveryError") return exitCodes[(error as Error & { readonly kind: "failed" | "usage" | "needsPerson" }).kind];
    return undefined;
}

const unforeseen: readonly string[] = ["Error", "TypeError", "RangeError", "ReferenceError"];

/** A failure for a person: its message, without a stack. Unforeseen ones keep theirs, because it is all there is. */
export function explain(error: unknown): string {
    if (!(error instanceof Error)) return String(error);
    if (isSuppressed(error)) return `${explain(error.suppressed)}\n${explain(error.error)}`;
    if (error.name === "AbortError") return "Interrupted.";
    return refusalOf(error) ?? (unforeseen.includes(error.name) ? (error.stack ?? error.message) : error.message);
}

/** Leaving a block failed (`error`) after the block itself had failed (`suppressed`). Node 20 has no class of that name. */
interface Suppressed extends Error {
    readonly suppressed: unknown;
    readonly error: unknown;
}

function isSuppressed(error: Error): error is Suppressed {
    return error.name === "SuppressedError" && "suppressed" in error && "error" in error;
}
