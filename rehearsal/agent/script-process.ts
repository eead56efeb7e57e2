import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { isSystemError } from "./host-root";

export type OutputName = "stdout" | "stderr";

/** A line of a script, with its line end. Undefined text: the line is not UTF-8. */
export type LineListener = (stream: OutputName, line: string | undefined) => void;

export interface ScriptCommand {
    readonly file: string;
    readonly arguments: readonly string[];
    readonly folder: string;
    readonly environment: Readonly<Record<string, string>>;
    /** For the script to end and to close its outputs, both together. */
    readonly timeoutSeconds: number;
}

export type ScriptEnd =
    | { readonly type: "exited"; /** Absent when a signal ended it. */ readonly exitCode: number | undefined }
    | { readonly type: "timedOut" }
    | { readonly type: "outputLeftOpen"; readonly stream: OutputName }
    | { readonly type: "notStarted"; readonly error: NodeJS.ErrnoException & { readonly errno: number } };

type Script = ChildProcessByStdio<null, Readable, Readable>;

/**
 * What an aborted script gets between TERM and KILL. The agent never sends KILL; a person who presses Ctrl-C expects an end.
 * `su` gives its own child, which is in no group of ours, two seconds.
 */
const abortGraceMs = 2500;

/** Runs a script in a process group of its own and tells how it ended. An abort ends the group and rejects. */
export async function runScript(command: ScriptCommand, onLine: LineListener, signal?: AbortSignal): Promise<ScriptEnd> {
    signal?.throwIfAborted();
    const script = spawn(command.file, command.arguments, {
        cwd: command.folder,
        env: command.environment,
        stdio: ["ignore", "pipe", "pipe"],
        detached: true,
    });
    const exited = exitOf(script);
    const closed = { stdout: readLines(script.stdout, "stdout", onLine), stderr: readLines(script.stderr, "stderr", onLine) };
    using deadline = new Deadline(command.timeoutSeconds);
    try {
        return await abortable(endOf(script, exited, closed, deadline), signal);
    } catch (error) {
        if (signal?.aborted === true) {
            await endGroup(script, exited);
        }
        throw error;
    } finally {
        // A child that kept an output open must not keep this process alive; if it prints, it meets a closed pipe.
        script.stdout.destroy();
        script.stderr.destroy();
    }
}

type Closed = Readonly<Record<OutputName, Promise<"closed">>>;

async function endOf(script: Script, exited: Promise<ScriptEnd>, closed: Closed, deadline: Deadline): Promise<ScriptEnd> {
    const end = await Promise.race([exited, deadline.passed]);
    if (end === "passed") {
        signalGroup(script, "SIGTERM");
        script.stdout.destroy();
        script.stderr.destroy();
        // However long it takes: the agent goes on only when the script has ended.
        await exited;
        return { type: "timedOut" };
    }
    if (end.type === "notStarted") {
        return end;
    }
    for (const stream of ["stdout", "stderr"] as const) {
        if ((await Promise.race([closed[stream], deadline.passed])) === "passed") {
            return { type: "outputLeftOpen", stream };
        }
    }
    return end;
}

function exitOf(script: Script): Promise<ScriptEnd> {
    return new Promise((resolve, reject) => {
        script.once("exit", exitCode => {
            resolve({ type: "exited", exitCode: exitCode ?? undefined });
        });
        script.once("error", error => {
            if (isSystemError(error)) {
                resolve({ type: "notStarted", error });
            } else {
                reject(error);
            }
        });
    });
}

function readLines(output: Readable, stream: OutputName, onLine: LineListener): Promise<"closed"> {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    let pending: Buffer[] = [];
    const emit = (): void => {
        const line = Buffer.concat(pending);
        pending = [];
        if (line.length > 0) {
            onLine(stream, decode(decoder, line));
        }
    };
    output.on("data", (chunk: Buffer) => {
        let from = 0;
        for (let end = chunk.indexOf("\n"); end >= 0; end = chunk.indexOf("\n", from)) {
            pending.push(chunk.subarray(from, end + 1));
            emit();
            from = end + 1;
        }
        pending.push(chunk.subarray(from));
    });
    // Not at "close": a line that was cut off because the output was closed from this side counts as never printed.
    output.once("end", emit);
    return new Promise(resolve => {
        output.once("close", () => {
            resolve("closed");
        });
    });
}

function decode(decoder: TextDecoder, line: Buffer): string | undefined {
    try {
        return decoder.decode(line);
    } catch {
        return undefined;
    }
}

/** Rejects with the reason of the abort as soon as there is one. */
async function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    if (signal === undefined) {
        return work;
    }
    const settled = new AbortController();
    const aborted = once(signal, "abort", { signal: settled.signal }).then(() => {
        throw signal.reason;
    });
    // Settling it below rejects `aborted` too, when nobody listens any more.
    aborted.catch(() => undefined);
    try {
        return await Promise.race([work, aborted]);
    } finally {
        settled.abort();
    }
}

async function endGroup(script: Script, exited: Promise<ScriptEnd>): Promise<void> {
    signalGroup(script, "SIGTERM");
    const killer = setTimeout(() => {
        signalGroup(script, "SIGKILL");
    }, abortGraceMs);
    await exited;
    clearTimeout(killer);
}

function signalGroup(script: Script, signal: NodeJS.Signals): void {
    if (script.pid === undefined) {
        return;
    }
    try {
        process.kill(-script.pid, signal);
    } catch (error) {
        // The last process of the group has just ended.
        if (!isSystemError(error) || error.code !== "ESRCH") {
            throw error;
        }
    }
}

/** One point in time that several waits share. */
class Deadline implements Disposable {
    readonly passed: Promise<"passed">;
    private timer: NodeJS.Timeout | undefined;

    constructor(seconds: number) {
        this.passed = new Promise(resolve => {
            this.timer = setTimeout(() => {
                resolve("passed");
            }, Math.min(seconds * 1000, longestTimerMs));
        });
    }

    [Symbol.dispose](): void {
        clearTimeout(this.timer);
    }
}

/** Node fires a longer timer at once. */
const longestTimerMs = 2 ** 31 - 1;
