import { type Command, Option } from "commander";
import type { RehearsalOptions } from "../../rehearsal/options";
import type { Run } from "./run";
import { oneOf, wholeNumber } from "./kinds";

const stages = ["dev", "stg", "prod"];

export function addRehearse(program: Command, run: Run): void {
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
        .action((stage: string, words: RehearseWords) => run({ printsItself: true }, async ({ signal }) => {
            const { rehearseCommand } = await import("../commands/rehearse");
            return rehearseCommand(toOptions(stage, words), words.json ?? false, signal);
        }));
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
