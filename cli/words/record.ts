import type { Command } from "commander";
import { whichStack } from "./kinds";
import type { Run } from "./run";

/** What the deploy pipeline does last. It needs AWS alone, and the release in the folder that it runs in. */
export function addRecord(program: Command, run: Run): void {
    program.command("record")
        .description("write down what the pipeline has deployed, mark its image, and let CloudFront ask for everything anew")
        .argument("<stack>", whichStack)
        .requiredOption("--execution <id>", "execution of the deploy pipeline that has deployed it")
        .action((stack: string, { execution }: { readonly execution: string }) => run({}, async context => {
            const { recordCommand } = await import("../commands/record");
            return recordCommand(stack, execution, context);
        }));
}
