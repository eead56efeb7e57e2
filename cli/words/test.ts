import { type Command, Option } from "commander";
import type { Run } from "./run";

export function addTest(program: Command, run: Run): void {
    program.command("test")
        .description("lint, types, shell scripts and unit tests")
        .option("--all", "also the rehearsals on Docker and the program under Pulumi's own runner")
        .addOption(new Option("--soak", "instead a long series of rehearsals: every strategy, fault and negative control").conflicts("all"))
        .action(({ all = false, soak = false }: { all?: boolean; soak?: boolean }) => run({}, async ({ signal }) => {
            if (soak) {
                const { soakCommand } = await import("../commands/soak");
                return soakCommand(signal);
            }
            const { testCommand } = await import("../commands/test");
            return testCommand(all, signal);
        }));
}
