import { type Command, Option } from "commander";
import type { Run } from "./run";

export function addReport(program: Command, run: Run): void {
    program.command("report")
        .description("tell what the last rehearsal came to, and where its page with the charts is")
        .argument("[path]", "another report.json, such as that of a CI job")
        .option("--open", "show the page in a browser")
        .addOption(new Option("--json", "print the report itself").conflicts("open"))
        .action((path: string | undefined, { open = false, json = false }: ReportWords) => run({ json }, async context => {
            const { reportCommand } = await import("../commands/report");
            return reportCommand({ open, ...(path !== undefined && { path }) }, context);
        }));
}

interface ReportWords {
    readonly open?: boolean;
    readonly json?: boolean;
}
