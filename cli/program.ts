import { Command } from "commander";
import { makeContext } from "./context";
import { addRecipe } from "./words/recipe";
import { addRehearse } from "./words/rehearse";
import { addPublishing, addReleases } from "./words/release";
import type { Run } from "./words/run";
import { addStack } from "./words/stack";
import { addTest } from "./words/test";

/**
 * The command line's words. What a command needs is loaded when it runs, so that help is quick.
 * @param exit takes the exit code of the command that ran
 */
export function makeProgram(signal: AbortSignal, exit: (code: number) => void): Command {
    const program = new Command("gapless")
        .description("Run a Docker service on AWS EC2 and release it without one failed request.")
        .exitOverride()
        .showHelpAfterError("Run ./gapless --help to see the commands.");
    const run: Run = async ({ json = false }, command) => { exit(await command(makeContext(signal, json))); };

    addRehearse(program, run);
    addStack(program, run);
    addPublishing(program, run);
    addReleases(program, run);
    addRecipe(program, run);
    addTest(program, run);
    return program;
}
