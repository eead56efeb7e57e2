import { Command } from "commander";
import { version } from "../package.json";
import { addCheckBundle } from "./words/check-bundle";
import { addRecipe } from "./words/recipe";
import { addRehearse } from "./words/rehearse";
import { addReport } from "./words/report";
import { addPublishing, addReleases } from "./words/release";
import type { Run } from "./words/run";
import { addStack } from "./words/stack";
import { addTest } from "./words/test";

/**
 * The command line's words. What a command needs is loaded when it runs, so that help is quick.
 * @param run runs the command that the words ask for
 */
export function makeProgram(run: Run): Command {
    const program = new Command("gapless")
        .description("Run a Docker service on AWS EC2 and release it without one failed request.")
        .exitOverride()
        .showHelpAfterError("Run ./gapless --help to see the commands.")
        .version(version, "-V, --version", "print the version of Gapless");
    program.commandsGroup("Before AWS:");
    addRehearse(program, run);
    addReport(program, run);
    addTest(program, run);
    addCheckBundle(program, run);
    program.commandsGroup("The stack:");
    addStack(program, run);
    program.commandsGroup("Its releases:");
    addPublishing(program, run);
    addReleases(program, run);
    program.commandsGroup("For builders of one's own:");
    addRecipe(program, run);
    for (const command of program.commands) command.showHelpAfterError(`Run ./gapless ${command.name()} --help to see its words.`);
    return program;
}
