import { ExecaError } from "execa";

/** The last lines that a failed command printed; its error's text when it printed nothing. */
export function lastOutput(error: unknown, lines: number): string {
    const printed = error instanceof ExecaError ? (error as ExecaError<{ all: true }>).all : "";
    const text = printed.trim() === "" ? (error instanceof Error ? error.message : String(error)) : printed;
    return text.trim().split("\n").slice(-lines).join("\n");
}
