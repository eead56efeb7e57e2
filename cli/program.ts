import { Command, InvalidArgumentError, Option } from "commander";
import type { RehearsalOptions } from "../rehearsal/options";
import type { BundleOptions } from "./bundle";

const stages = ["dev", "stg", "prod"];
// Whatever they are called: that there is such a file is seen when it is read.
const whichStack = "name of a stack that has a file Pulumi.<stack>.yaml";

/**
 * The command line's words. What a command needs is loaded when it runs, so that help is quick.
 * @param exit takes the exit code of the command that ran
 */
export function makeProgram(signal: AbortSignal, exit: (code: number) => void): Command {
    const program = new Command("gapless")
        .description("Run a Docker service on AWS EC2 and release it without one failed request.")
        .exitOverride()
        .showHelpAfterError("Run ./gapless --help to see the commands.");

    program.command("rehearse")
        .description("roll version 2 over version 1 on local Docker under load and count failed requests")
        .argument("[stage]", `stage whose program is rehearsed: ${stages.join(", ")}`, oneOf(stages), "dev")
        .option("--rate <n>", "requests per second", wholeNumber(1, 2000), 200)
        .option("--instances <n>", "instances of the fleet (default: as many as the stage has, 4 to 8)", wholeNumber(1, 32))
        .option("--real-time", "let the service's waits take as long as on AWS, not a tenth of it")
        .option("--without-draining", "negative control: replace containers without taking them out of rotation first")
        .addOption(new Option("--release <kind>", "what version 2 is like").choices(["good", "broken", "failing"]).default("good"))
        .option("--keep", "leave everything running at the end and print how to reach and remove it")
        .option("--port <n>", "port of this machine for the balancer (default: a free one)", wholeNumber(1, 65535))
        .option("--budget <n>", "requests that may fail", wholeNumber(0, 1_000_000), 0)
        .option("--seed <n>", "makes the choice of slow requests repeatable", wholeNumber(0, 2 ** 31), 1)
        .option("--json", "print the report instead of the summary")
        .action(async (stage: string, words: RehearseWords) => {
            const { rehearseCommand } = await import("./rehearse");
            exit(await rehearseCommand(toOptions(stage, words), words.json ?? false, signal));
        });

    program.command("recipe")
        .description("print what a stack's release is made of, as JSON: how its image is built, and the settings in it")
        .argument("<stack>", whichStack)
        .action(async (stack: string) => {
            const { recipeCommand } = await import("./recipe");
            exit(await recipeCommand(stack, signal));
        });

    const bundle = program.command("bundle")
        .description("make the release that pulumi up would make of an image, and print its version")
        .argument("<stack>", whichStack)
        .option("--image <reference>", "repository@sha256:… (default: the image that the settings name)", digestReference)
        .option("--folder <path>", "new or empty folder to write it to")
        .addOption(new Option("--zip <path>", "zip file to write it to").conflicts("folder"))
        .action(async (stack: string, words: BundleWords) => {
            const options = toBundleOptions(stack, words) ?? bundle.error("error: say where to: --folder DIR or --zip FILE");
            const { bundleCommand } = await import("./bundle");
            exit(await bundleCommand(options, signal));
        });

    program.command("test")
        .description("lint, types, shell scripts and unit tests")
        .option("--all", "also the rehearsals on Docker and the program under Pulumi's own runner")
        .action(async ({ all = false }: { all?: boolean }) => {
            const { testCommand } = await import("./test");
            exit(await testCommand(all, signal));
        });
    return program;
}

/** The words of `rehearse` as they were parsed. */
export interface RehearseWords {
    readonly rate: number;
    readonly instances?: number;
    readonly realTime?: boolean;
    readonly withoutDraining?: boolean;
    readonly release: RehearsalOptions["release"];
    readonly keep?: boolean;
    readonly port?: number;
    readonly budget: number;
    readonly seed: number;
    readonly json?: boolean;
}

/** What the words of `rehearse` ask for. */
export function toOptions(stage: string, words: RehearseWords): RehearsalOptions {
    return {
        stage,
        ratePerSecond: words.rate,
        ...(words.instances === undefined ? {} : { instances: words.instances }),
        timeScale: words.realTime ? 1 : 0.1,
        draining: !words.withoutDraining,
        release: words.release,
        keep: words.keep ?? false,
        port: words.port ?? 0,
        budget: words.budget,
        seed: words.seed,
    };
}

/** The words of `bundle` as they were parsed. */
export interface BundleWords {
    readonly image?: string;
    readonly folder?: string;
    readonly zip?: string;
}

/** What the words of `bundle` ask for; undefined when they do not say where to. */
export function toBundleOptions(stack: string, { image, folder, zip }: BundleWords): BundleOptions | undefined {
    if (folder !== undefined) return { stack, image, target: { folder } };
    return zip === undefined ? undefined : { stack, image, target: { zip } };
}

function digestReference(word: string): string {
    if (!/@sha256:[0-9a-f]{64}$/.test(word)) {
        throw new InvalidArgumentError("It must be repository@sha256:<64 hex>: a tag may lead to another image tomorrow.");
    }
    return word;
}

function oneOf(words: readonly string[]): (word: string) => string {
    return word => {
        if (!words.includes(word)) throw new InvalidArgumentError(`It must be one of ${words.join(", ")}.`);
        return word;
    };
}

function wholeNumber(from: number, to: number): (word: string) => number {
    return word => {
        const value = Number(word);
        if (!Number.isInteger(value) || value < from || value > to) {
            throw new InvalidArgumentError(`It must be a whole number from ${from} to ${to}.`);
        }
        return value;
    };
}
