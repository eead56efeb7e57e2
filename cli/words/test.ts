import { type Command, Option } from "commander";
import { type SoakPart, soakParts } from "../soak-parts";
import type { Run } from "./run";

export function addTest(program: Command, run: Run): void {
    program.command("test")
        .description("lint, types, shell scripts and unit tests")
        .option("--all", "also the rehearsals on Docker and the program under Pulumi's own runner")
        .addOption(new Option("--soak [part]", "instead a long series of rehearsals, or a part of it: every strategy, fault and negative control").choices(soakParts).conflicts("all"))
        .action(({ all = false, soak = false }: { all?: boolean; soak?: boolean | SoakPart }) => run({}, async ({ signal }) => {
            if (soak !== false) {
                const { soakCommand } = await import("../commands/soak");
                return soakCommand(soak === true ? soakParts : [soak], signal);
            }
            const { testCommand } = await import("../commands/test");
            return testCommand(all, signal);
        }));
}
