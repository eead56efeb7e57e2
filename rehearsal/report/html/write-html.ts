import { rename, writeFile } from "node:fs/promises";
import type { Report } from "../report-schema";
import { renderHtml } from "./render-html";

/** Where the page of a report.json lies: beside it, under the same name. */
export function htmlFileOf(reportFile: string): string {
    return `${reportFile.replace(/\.json$/, "")}.html`;
}

/** Writes the page of a report beside it, whole or not at all: somebody may be reading. Returns its path. */
export async function writeHtml(report: Report, reportFile: string): Promise<string> {
    const path = htmlFileOf(reportFile);
    await writeFile(`${path}.new`, await renderHtml(report));
    await rename(`${path}.new`, path);
    return path;
}
