import { Command } from "commander";
import { start } from "./start";
import { addRecord } from "./words/record";
import { addReleases } from "./words/release";

// The commands that need AWS alone, for machines without this repository, such as those of the pipeline's builds. Where the stage
// lies tell GAPLESS_PROJECT, GAPLESS_STACK and AWS_REGION there.
process.exitCode = await start(run => {
    const program = new Command("gapless")
        .description("Moves and watches releases of a stack.")
        .exitOverride()
        .showHelpAfterError("Run it with --help to see the commands.");
    addReleases(program, run);
    addRecord(program, run);
    return program;
}, process.argv.slice(2));
