import { type Command, CommanderError } from "commander";
import { makeContext } from "./context";
import { exitCodeOf, explain } from "./failure";
import type { Run } from "./words/run";

/** Words in, exit code out, by the commands of a program. */
export async function start(makeProgram: (run: Run) => Command, words: readonly string[]): Promise<number> {
    const stop = new AbortController();
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => { stop.abort(); });
    let code: number = 0;
    try {
        await makeProgram(async ({ json = false }, command) => { code = await command(makeContext(stop.signal, json)); })
            .parseAsync(words, { from: "user" });
        return code;
    } catch (error) {
        // Commander has already printed what is wrong with the command line.
        if (!(error instanceof CommanderError)) process.stderr.write(`${explain(error)}\n`);
        return exitCodeOf(error, stop.signal);
    }
}
