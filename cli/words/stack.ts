import type { Command } from "commander";
import type { DestroyWords } from "../commands/destroy";
import type { OutputsWords } from "../commands/outputs";
import type { PreviewWords } from "../commands/preview";
import type { RefreshWords } from "../commands/refresh";
import type { UnlockWords } from "../commands/unlock";
import type { UpWords } from "../commands/up";
import { backendOption } from "./backend";
import { whichStack } from "./kinds";
import type { Run } from "./run";
import { waitOption } from "./wait";

const jsonOption = ["--json", "print the result as JSON"] as const;
const yesOption = ["--yes", "do not ask; a must where nobody can answer"] as const;

/** What is done by Pulumi, through its Automation API. */
export function addStack(program: Command, run: Run): void {
    program.command("doctor")
        .description("look whether everything is there that a stack needs, and say how to mend what is not")
        .argument("<stack>", whichStack)
        .addOption(backendOption())
        .option(...jsonOption)
        .action((stack: string, words: { readonly json?: boolean; readonly backend?: string }) => run(words, async context => {
            const { doctorCommand } = await import("../commands/doctor");
            return doctorCommand(stack, words, context);
        }));

    program.command("preview")
        .description("show what up would change")
        .argument("<stack>", whichStack)
        .addOption(backendOption())
        .option("--markdown <file>", "also write a summary for a pull request")
        .option("--expect-no-changes", "fail when there are any")
        .option(...jsonOption)
        .action((stack: string, words: PreviewWords) => run(words, async context => {
            const { previewCommand } = await import("../commands/preview");
            return previewCommand(stack, words, context);
        }));

    program.command("up")
        .description("make or change what a stack has on AWS, as pulumi up does, and never during a deployment")
        .argument("<stack>", whichStack)
        .addOption(backendOption())
        .addOption(waitOption("deployment of somebody else"))
        .option(...yesOption)
        .option(...jsonOption)
        .action((stack: string, words: UpWords) => run(words, async context => {
            const { upCommand } = await import("../commands/up");
            return upCommand(stack, words, context);
        }));

    program.command("refresh")
        .description("read from AWS into Pulumi's state what is really there")
        .argument("<stack>", whichStack)
        .addOption(backendOption())
        .addOption(waitOption("deployment of somebody else"))
        .option(...yesOption)
        .option(...jsonOption)
        .action((stack: string, words: RefreshWords) => run(words, async context => {
            const { refreshCommand } = await import("../commands/refresh");
            return refreshCommand(stack, words, context);
        }));

    program.command("outputs")
        .description("print what a stack tells of itself")
        .argument("<stack>", whichStack)
        .addOption(backendOption())
        .option("--show-secrets", "also what is secret")
        .option(...jsonOption)
        .action((stack: string, words: OutputsWords) => run(words, async context => {
            const { outputsCommand } = await import("../commands/outputs");
            return outputsCommand(stack, words, context);
        }));

    program.command("unlock")
        .description("say who holds a stack's locks, since when, and whether that process lives; remove those of dead ones")
        .argument("<stack>", whichStack)
        .addOption(backendOption())
        .option("--force", "remove them whoever holds them")
        .option(...jsonOption)
        .action((stack: string, words: UnlockWords) => run(words, async context => {
            const { unlockCommand } = await import("../commands/unlock");
            return unlockCommand(stack, words, context);
        }));

    program.command("destroy")
        .description("remove all that a stack has on AWS, its releases too, and list what is left")
        .argument("<stack>", whichStack)
        .addOption(backendOption())
        .addOption(waitOption("deployment of somebody else"))
        .option("--yes <stack>", "do not ask; the stack's name once more")
        .option(...jsonOption)
        .action((stack: string, words: DestroyWords) => run(words, async context => {
            const { destroyCommand } = await import("../commands/destroy");
            return destroyCommand(stack, words, context);
        }));
}
