import type { Command } from "commander";
import type { Run } from "./run";

export function addTest(program: Command, run: Run): void {
    program.command("test")
        .description("lint, types, shell scripts and unit tests")
        .option("--all", "also the rehearsals on Docker and the program under Pulumi's own runner")
        .action(({ all = false }: { all?: boolean }) => run({}, async ({ signal }) => {
            const { testCommand } = await import("../commands/test");
            return testCommand(all, signal);
        }));
}
