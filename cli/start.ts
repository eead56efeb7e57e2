import { type Command, CommanderError } from "commander";
import type { CommandContext } from "./context";
import type { ExitCode } from "./exit-code";
import { exitCodeOf, explain } from "./failure";
import type { Run } from "./words/run";

/**
 * Words in, exit code out, by the commands of a program.
 * @param prepare what must be there before any command is loaded
 */
export async function start(makeProgram: (run: Run) => Command, words: readonly string[], prepare: () => Promise<void> = () => Promise.resolve()): Promise<number> {
    const stop = new AbortController();
    // They stay: while nobody listens, execa ends this process by the signal that it has seen.
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
        process.on(signal, () => {
            if (stop.signal.aborted) process.stderr.write("cleaning up; this takes a few seconds\n");
            stop.abort();
        });
    }
    let code: number = 0;
    try {
        const program = makeProgram(async ({ json = false }, command) => {
            await prepare();
            code = await run(command, json, stop.signal);
        });
        await program.parseAsync(words, { from: "user" });
        return code;
    } catch (error) {
        // Commander has already printed what is wrong with the command line.
        if (!(error instanceof CommanderError)) process.stderr.write(`${explain(error)}\n`);
        return exitCodeOf(error, stop.signal);
    }
}

async function run(command: (context: CommandContext) => Promise<ExitCode>, json: boolean, signal: AbortSignal): Promise<ExitCode> {
    // AWS's SDK tells at each start until when it supports this version of Node. The lockfile names the SDK, so that is no news to users.
    process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";
    const { makeContext } = await import("./context");
    return command(makeContext(signal, json));
}
