import { CommanderError } from "commander";
import { exitCodeOf, explain } from "./failure";
import { makeProgram } from "./program";

/** Words in, exit code out. */
async function main(words: readonly string[]): Promise<number> {
    const stop = new AbortController();
    const interrupt = (): void => { stop.abort(); };
    process.once("SIGINT", interrupt).once("SIGTERM", interrupt).once("SIGHUP", interrupt);
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
