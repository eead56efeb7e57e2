import { mkdtemp, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { timeOfDay } from "../../rehearsal/report/html/figures";
import { htmlFileOf, writeHtml } from "../../rehearsal/report/html/write-html";
import type { Report } from "../../rehearsal/report/report-schema";
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
    const page = await pageOf(report, file);
    const where = "path" in page ? relative(callerFolder, page.path) : `none: ${page.problem}${open ? "" : " (--open shows one from the temporary folder)"}`;
    context.print(report, [renderSummary(report), ...about(report), `page        ${where}`].join("\n"));
    if (open) await show("path" in page ? page.path : await writeHtml(report, join(await mkdtemp(join(tmpdir(), "gapless-")), "report.json")));
    return exitCodes.done;
}

/** What the rehearsal's own terminal told before it. */
function about({ stage, reproduce, seconds: [first] }: Report): readonly string[] {
    return [`rehearsed   stage ${stage}${first === undefined ? "" : `, ${timeOfDay(first.atMs)}`}`, `again       ${reproduce}`];
}

/** The page beside a report, made anew when that is newer; whoever may only read there gets none. */
async function pageOf(report: Report, file: string): Promise<{ readonly path: string } | { readonly problem: string }> {
    if (!await isOlder(htmlFileOf(file), file)) return { path: htmlFileOf(file) };
    try {
        return { path: await writeHtml(report, file) };
    } catch (error) {
        if (error instanceof Error && "code" in error) return { problem: `it cannot be written, ${error.message}` };
        throw error;
    }
}

/** Also when it is not there. */
async function isOlder(page: string, file: string): Promise<boolean> {
    const made = await stat(page).catch(() => undefined);
    return made === undefined || made.mtimeMs < (await stat(file)).mtimeMs;
}
