import { type Command, CommanderError } from "commander";
import { exitCodes } from "./exit-code";
import { exitCodeOf, explain } from "./failure";
import { Interrupts } from "./interrupts";
import type { Run } from "./words/run";

/**
 * Words in, exit code out, by the commands of a program.
 * @param prepare what must be there before any command is loaded
 */
export async function start(makeProgram: (run: Run) => Command, words: readonly string[], prepare: () => Promise<void> = () => Promise.resolve()): Promise<number> {
    const interrupts = hearSignals();
    bearClosedOutput();
    let code: number = 0;
    // Whether a machine waits for a result that it has not got.
    const owed = { result: false };
    try {
        const program = makeProgram(async ({ json = false, printsItself = false }, command) => {
            owed.result = json && !printsItself;
            // AWS's SDK tells at each start until when it supports this version of Node. The lockfile names the SDK, so that is no news to users.
            process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";
            await prepare();
            const { makeContext } = await import("./context");
            code = await command(makeContext(interrupts, json, () => { owed.result = false; }));
        });
        await program.parseAsync(words, { from: "user" });
        return code;
    } catch (error) {
        const exitCode = exitCodeOf(error, interrupts.signal);
        // Commander has already printed what is wrong with the command line.
        if (error instanceof CommanderError) return exitCode;
        process.stderr.write(`${explain(error)}\n`);
        if (owed.result) await printFailure(explain(error), exitCode);
        return exitCode;
    }
}

/** For machines. `refused`: nothing was begun; of all else, what was begun may go on, and `error` says so. */
async function printFailure(error: string, exitCode: number): Promise<void> {
    const { asJson } = await import("./context");
    const refused = exitCode === exitCodes.usage || exitCode === exitCodes.needsPerson;
    const result = exitCode === exitCodes.interrupted ? "interrupted" : refused ? "refused" : "failed";
    process.stdout.write(asJson({ result, exitCode, error }));
}

/** The first signal has the command stop and clean up; the third ends the process as it is. */
function hearSignals(): Interrupts {
    const interrupts = new Interrupts({
        say: text => { process.stderr.write(`${text}\n`); },
        exit: () => { process.exit(exitCodes.interrupted); },
    });
    // They stay: while nobody listens, execa ends this process by the signal that it has seen.
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => { interrupts.take(signal); });
    return interrupts;
}

/**
 * A reader that has gone away, such as `head`, ends nothing: a deployment is watched to its end. What cannot be written for
 * another reason, such as a full disk, is a failure.
 */
function bearClosedOutput(): void {
    process.stderr.on("error", () => undefined);
    process.stdout.on("error", (error: NodeJS.ErrnoException) => {
        if (error.code === "EPIPE") return;
        process.stderr.write(`The result cannot be written: ${error.message}\n`);
        // Last, since the command itself knows nothing of it.
        process.once("exit", () => { process.exitCode = exitCodes.failed; });
    });
}
