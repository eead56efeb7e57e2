import { CommanderError } from "commander";
import { exitCodeOf, explain } from "./failure";
import { makeProgram } from "./program";

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
        await makeProgram(stop.signal, exitCode => (code = exitCode)).parseAsync(words, { from: "user" });
        return code;
    } catch (error) {
        // Commander has already printed what is wrong with the command line.
        if (!(error instanceof CommanderError)) process.stderr.write(`${explain(error)}\n`);
        return exitCodeOf(error, stop.signal);
    }
}

process.exitCode = await main(process.argv.slice(2));
