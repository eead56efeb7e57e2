import type { Command } from "commander";
import type { Run, RunWords } from "./run";

export function addCheckBundle(program: Command, run: Run): void {
    program.command("check-bundle")
        .description("find what of a bundle would fail on a host, and what works there otherwise than people think")
        .argument("<path>", "zip, tar or tgz file, or the folder that one is made of")
        .option("--json", "print the result as JSON")
        .action((path: string, words: RunWords) => run(words, async context => {
            const { checkBundleCommand } = await import("../commands/check-bundle");
            return checkBundleCommand(path, context);
        }));
}
