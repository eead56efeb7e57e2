import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { htmlFileOf } from "./html/write-html";

const folder = join(".gapless", "rehearsal");

/** Where the report of the last rehearsal lies. */
export const reportFile = join(folder, "report.json");
/** Where it lies what came of the last faults. */
export const faultsFile = join(folder, "faults.json");

/** Removes what an older rehearsal has left: its verdict must not be taken for the one that begins. */
export async function forgetLastRehearsal(): Promise<void> {
    for (const file of [reportFile, htmlFileOf(reportFile), faultsFile]) await rm(file, { force: true });
}

/** Writes JSON whole or not at all: somebody may be reading. */
export async function writeWhole(file: string, value: object): Promise<void> {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(`${file}.new`, `${JSON.stringify(value, undefined, 2)}\n`);
    await rename(`${file}.new`, file);
}
