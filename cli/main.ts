import { CommanderError } from "commander";
import type { CommandContext } from "./context";
import { exitCodeOf, explain } from "./failure";
import { makeProgram } from "./program";
import type { ExitCode } from "./exit-code";

/** Words in, exit code out. */
async function main(words: readonly string[]): Promise<number> {
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
        const program = makeProgram(async ({ json = false }, command) => { code = await run(command, json, stop.signal); });
        await program.parseAsync(words, { from: "user" });
        return code;
    } catch (error) {
        // Commander has already printed what is wrong with the command line.
        if (!(error instanceof CommanderError)) process.stderr.write(`${explain(error)}\n`);
        return exitCodeOf(error, stop.signal);
    }
}

async function run(command: (context: CommandContext) => Promise<ExitCode>, json: boolean, signal: AbortSignal): Promise<ExitCode> {
    // ./gapless starts this file translated and in one piece, so that help is quick; the commands are TypeScript.
    if (!import.meta.url.endsWith(".ts")) (await import("tsx/esm/api")).register();
    const { makeContext } = await import("./context");
    return command(makeContext(signal, json));
}

process.exitCode = await main(process.argv.slice(2));
