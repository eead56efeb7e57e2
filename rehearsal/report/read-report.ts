import { readFile } from "node:fs/promises";
import { z } from "zod";
import { type Report, reportSchema, reportVersion } from "./report-schema";

/** A report is not there, or is none that this version of Gapless reads. */
export class ReportFileError extends Error {
    override readonly name = "ReportFileError";
}

const again = "Run ./gapless rehearse to make one.";

/**
 * Reads the report.json of a rehearsal, which may have more members than are known here.
 * @throws ReportFileError when it is not there, is broken, or is of another version of Gapless
 */
export async function readReport(path: string): Promise<Report> {
    const json = parse(await read(path), path);
    const version = versioned.safeParse(json).data?.schemaVersion;
    if (version !== undefined && version !== reportVersion) {
        throw new ReportFileError(`${path} has schemaVersion ${version}, and this version of Gapless reads ${reportVersion}. ${again}`);
    }
    const parsed = reportSchema.safeParse(json);
    if (parsed.success) return parsed.data;
    const issues = parsed.error.issues.filter(({ code }) => code !== "unrecognized_keys");
    // Nothing is wrong with members of a later Gapless, and the schema changes no value that it reads.
    if (issues.length === 0) return json as Report;
    throw new ReportFileError(`${path} is no report of a rehearsal: ${z.prettifyError({ issues }).split("\n").slice(0, 2).join("")}. ${again}`);
}

const versioned = z.object({ schemaVersion: z.number() });

async function read(path: string): Promise<string> {
    try {
        return await readFile(path, "utf8");
    } catch (cause) {
        const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
        throw new ReportFileError(missing ? `There is no report at ${path}. ${again}` : `${path} cannot be read: ${(cause as Error).message}. ${again}`, { cause });
    }
}

function parse(text: string, path: string): unknown {
    try {
        return JSON.parse(text);
    } catch (cause) {
        throw new ReportFileError(`${path} is no JSON: ${(cause as Error).message}. ${again}`, { cause });
    }
}
