import type { Command } from "commander";
import type { DeployWords } from "../commands/deploy";
import type { HistoryWords } from "../commands/history";
import type { LogsWords } from "../commands/logs";
import type { PublishWords } from "../commands/publish";
import type { RollWords } from "../commands/roll";
import type { RollbackWords } from "../commands/rollback";
import { backendOption } from "./backend";
import { digestReference, duration, earlierRelease, pause, percents, releaseVersion, whichStack, wholeNumber } from "./kinds";
import type { Run } from "./run";
import { waitOption } from "./wait";

const jsonOption = ["--json", "print the result as JSON"] as const;
const imageOption = ["--image <reference>", "repository@sha256:… that is there already (default: it is built)", digestReference] as const;
const shiftOption = ["--shift <percents>", "blue/green: shares of the requests that go over, such as 10,50,100 (default: the stack's)", percents] as const;
const bakeOption = ["--bake <time>", "blue/green: how long to watch after each share, such as 5m; 0s for not at all (default: the stack's)", pause] as const;

/** What makes releases. They need the program, its image and Docker. */
export function addPublishing(program: Command, run: Run): void {
    program.command("publish")
        .description("build and push the image, store its release and hand it to the stack's pipeline, without waiting")
        .argument("<stack>", whichStack)
        .option(...imageOption)
        .option("--json", "print the result as JSON")
        .action((stack: string, words: PublishWords) => run(words, async context => {
            const { publishCommand } = await import("../commands/publish");
            return publishCommand(stack, words, context);
        }));

    program.command("deploy")
        .description("release what lies here, by the stack's pipeline, and watch it until the end")
        .argument("<stack>", whichStack)
        .option(...imageOption)
        .option("--direct", "past the pipeline and its approval")
        .option(...shiftOption)
        .option(...bakeOption)
        .addOption(backendOption())
        .option("--yes", "source pulumi: do not ask before up")
        .addOption(waitOption("deployment of somebody else, or an approval"))
        .option(...jsonOption)
        .action((stack: string, words: DeployWords) => run(words, async context => {
            const { deployCommand } = await import("../commands/deploy");
            return deployCommand(stack, words, context);
        }));

    program.command("promote")
        .description("release to one stack, by its pipeline, the very image that serves in another")
        .argument("<from>", whichStack)
        .argument("<to>", whichStack)
        .addOption(waitOption("deployment of somebody else, or an approval"))
        .option(...jsonOption)
        .action((from: string, to: string, words: WaitWords) => run(words, async context => {
            const { promoteCommand } = await import("../commands/promote");
            return promoteCommand(from, to, words, context);
        }));
}

/** What moves and watches releases that are there. They need AWS alone. */
export function addReleases(program: Command, run: Run): void {
    program.command("roll")
        .description("put an existing release onto the fleet, past the pipeline")
        .argument("<stack>", whichStack)
        .argument("<version>", "the release, as history shows it", releaseVersion)
        .option(...shiftOption)
        .option(...bakeOption)
        .option("--execution <id>", "blue/green: execution of the deploy pipeline that calls this")
        .addOption(waitOption("deployment of somebody else"))
        .option(...jsonOption)
        .action((stack: string, version: string, words: RollWords) => run(words, async context => {
            const { rollCommand } = await import("../commands/roll");
            return rollCommand(stack, version, words, context);
        }));

    program.command("rollback")
        .description("go back to the release before, past the pipeline")
        .argument("<stack>", whichStack)
        .option("--to <release>", "its number or version in history", earlierRelease)
        .addOption(waitOption("deployment of somebody else"))
        .option(...jsonOption)
        .action((stack: string, words: RollbackWords) => run(words, async context => {
            const { rollbackCommand } = await import("../commands/rollback");
            return rollbackCommand(stack, words, context);
        }));

    program.command("flip")
        .description("blue/green: lead the clients to the other colour, by one call while it is warm")
        .argument("<stack>", whichStack)
        .addOption(waitOption("deployment of somebody else"))
        .option(...jsonOption)
        .action((stack: string, words: WaitWords) => run(words, async context => {
            const { flipCommand } = await import("../commands/flip");
            return flipCommand(stack, words, context);
        }));

    program.command("abort")
        .description("stop the deployment that runs, and have the release before serve")
        .argument("<stack>", whichStack)
        .addOption(waitOption("roll back"))
        .option(...jsonOption)
        .action((stack: string, words: WaitWords) => run(words, async context => {
            const { abortCommand } = await import("../commands/abort");
            return abortCommand(stack, words, context);
        }));

    program.command("status")
        .description("what serves, how healthy it is, what is on its way, and how far one can go back")
        .argument("<stack>", whichStack)
        .option(...jsonOption)
        .action((stack: string, words: { readonly json?: boolean }) => run(words, async context => {
            const { statusCommand } = await import("../commands/status");
            return statusCommand(stack, context);
        }));

    program.command("history")
        .description("the releases of a stack: who, when, which commit, and what came of it")
        .argument("<stack>", whichStack)
        .option("--limit <n>", "newest ones to show", wholeNumber(1, 500), 20)
        .option("--show <n>", "why the deployment of this number failed", wholeNumber(1, 1_000_000_000))
        .option(...jsonOption)
        .action((stack: string, words: HistoryWords) => run(words, async context => {
            const { historyCommand } = await import("../commands/history");
            return historyCommand(stack, words, context);
        }));

    program.command("logs")
        .description("what the containers of a stack write")
        .argument("<stack>", whichStack)
        .option("--since <time>", "from how long ago, such as 90s, 10m, 2h", duration, 600)
        .option("--instance <id>", "of this instance alone")
        .option("--filter <text>", "lines that contain this text alone")
        .option("--follow", "go on until Ctrl-C")
        .option("--json", "print one JSON object a line")
        .action((stack: string, words: LogsWords) => run({ ...words, printsItself: true }, async context => {
            const { logsCommand } = await import("../commands/logs");
            return logsCommand(stack, words, context);
        }));

    program.command("refresh-instances")
        .description("replace the instances by ones of the newest launch template, without losing a request")
        .argument("<stack>", whichStack)
        .addOption(waitOption("deployment of somebody else"))
        .option(...jsonOption)
        .action((stack: string, words: WaitWords) => run(words, async context => {
            const { refreshInstancesCommand } = await import("../commands/refresh-instances");
            return refreshInstancesCommand(stack, words, context);
        }));
}

/** The words of commands that wait for others or for what they began. */
export interface WaitWords {
    /** Minutes. */
    readonly wait: number;
    readonly json?: boolean;
}
