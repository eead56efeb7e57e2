import { stat } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { htmlFileOf, writeHtml } from "../../rehearsal/report/html/write-html";
import { readReport } from "../../rehearsal/report/read-report";
import { renderSummary } from "../../rehearsal/report/summary";
import type { CommandContext } from "../context";
import { exitCodes, type ExitCode } from "../exit-code";
import { openPage } from "../open-page";

export interface ReportOptions {
    /** The report.json to show. @default that of the last rehearsal */
    readonly path?: string;
    /** Shows the page in a browser, too. */
    readonly open: boolean;
}

/** Tells what a rehearsal came to, once more. A report without its page, such as the artifact of a CI job, gets one. */
export async function reportCommand({ path, open }: ReportOptions, context: CommandContext, show = openPage): Promise<ExitCode> {
    const { folder, callerFolder } = context;
    const file = path === undefined ? join(folder, ".gapless", "rehearsal", "report.json") : resolve(callerFolder, path);
    const report = await readReport(file);
    const page = await isOlder(htmlFileOf(file), file) ? await writeHtml(report, file) : htmlFileOf(file);
    context.print(report, `${renderSummary(report)}\npage        ${relative(callerFolder, page)}`);
    if (open) await show(page);
    return exitCodes.done;
}

/** Also when it is not there. */
async function isOlder(page: string, file: string): Promise<boolean> {
    const made = await stat(page).catch(() => undefined);
    return made === undefined || made.mtimeMs < (await stat(file)).mtimeMs;
}
