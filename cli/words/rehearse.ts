import { type Command, Option } from "commander";
import type { FaultName } from "../../rehearsal/faults/fault-names";
import type { RehearsalOptions } from "../../rehearsal/options";
import { faults } from "./faults";
import type { Run } from "./run";
import { oneOf, pause, percents, setting, wholeNumber } from "./kinds";

const stages = ["dev", "stg", "prod"];
/** What faults decide themselves. */
const ofOneRelease = ["release", "withoutDraining", "shift", "bake", "keep", "budget"];

export function addRehearse(program: Command, run: Run): void {
    program.command("rehearse")
        .description("bring version 2 to the clients of version 1 on local Docker under load and count failed requests")
        .argument("[stage]", `stage whose program is rehearsed: ${stages.join(", ")}`, oneOf(stages), "dev")
        .option("--rate <n>", "requests per second", wholeNumber(1, 2000), 200)
        .option("--instances <n>", "instances of the fleet (default: as many as the stage has, 4 to 8)", wholeNumber(1, 32))
        .addOption(new Option("--strategy <name>", "how version 2 takes over (default: the stage's)").choices(["rolling", "blueGreen"]))
        .option("--image <name>", "a built image to rehearse in the place of the stage's, as your Docker knows it")
        .option("--set <setting>", "a setting in the place of the stage's, such as containerPort=3000; may be repeated", setting)
        .option("--shift <percents>", "blue/green: shares of the requests that go over, such as 10,50,100 (default: the stage's)", percents)
        .option("--bake <time>", "blue/green: how long each share is watched on AWS, such as 60s; here a tenth of it, as of every wait (default: the stage's)", pause)
        .option("--real-time", "let the service's waits take as long as on AWS, not a tenth of it")
        .addOption(new Option("--without-draining", "negative control, which must lose requests: replace containers without taking them out of rotation first; "
            + "blue/green: end the old colour at the flip, without warm time and drain").conflicts(["shift", "bake"]))
        .addOption(new Option("--release <kind>", "what version 2 is like").choices(["good", "broken", "failing"]).default("good"))
        .option("--keep", "leave everything running at the end and print how to reach and remove it")
        .option("--port <n>", "port of this machine for the balancer (default: a free one)", wholeNumber(1, 65535))
        .option("--budget <n>", "requests that may fail", wholeNumber(0, 1_000_000), 0)
        .option("--seed <n>", "makes the choice of slow requests repeatable", wholeNumber(0, 2 ** 31), 1)
        .addOption(new Option("--fault <names>", "have something go wrong, such as never-healthy, or several things with a comma between them, and see whether our promises are kept; "
            + "docs/faults.md lists all, some of which only one strategy has").argParser(faults).conflicts([...ofOneRelease, "faults"]))
        .addOption(new Option("--faults <which>", "have everything go wrong that the strategy knows, one after the other").choices(["all"]).conflicts(ofOneRelease))
        .option("--json", "print the report instead of the summary")
        .action((stage: string, words: RehearseWords) => run({ printsItself: true }, async ({ signal }) => {
            const which = words.fault ?? words.faults;
            if (which !== undefined) {
                const { rehearseFaultsCommand } = await import("../commands/rehearse");
                return rehearseFaultsCommand(toOptions(stage, words), which, words.json ?? false, signal);
            }
            const { rehearseCommand } = await import("../commands/rehearse");
            return rehearseCommand(toOptions(stage, words), words.json ?? false, signal);
        }));
}

/** The words of `rehearse` as they were parsed. */
export interface RehearseWords {
    readonly rate: number;
    readonly instances?: number;
    readonly strategy?: NonNullable<RehearsalOptions["strategy"]>;
    readonly image?: string;
    /** Values by the names of settings. */
    readonly set?: Readonly<Record<string, string>>;
    /** Percent of the requests, one share after the other. */
    readonly shift?: readonly number[];
    /** Seconds. */
    readonly bake?: number;
    readonly fault?: readonly FaultName[];
    readonly faults?: "all";
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
        ...(words.strategy === undefined ? {} : { strategy: words.strategy }),
        ...(words.image === undefined ? {} : { image: words.image }),
        ...(words.set === undefined ? {} : { settings: words.set }),
        ...(words.shift === undefined ? {} : { shiftPercents: words.shift }),
        ...(words.bake === undefined ? {} : { bakeSeconds: words.bake }),
        timeScale: words.realTime ? 1 : 0.1,
        draining: !words.withoutDraining,
        release: words.release,
        keep: words.keep ?? false,
        port: words.port ?? 0,
        budget: words.budget,
        seed: words.seed,
    };
}
