import type { RehearsalOptions } from "../rehearsal/options";
import { rehearse } from "../rehearsal/rehearse";
import { renderSummary } from "../rehearsal/report/summary";
import { exitCodes } from "./exit-code";
import { makeView } from "./view";

const verdicts = { passed: "done", failed: "failed", rolledBack: "rolledBack" } as const;

/** Rehearses a stage and tells how it went. */
export async function rehearseCommand(options: RehearsalOptions, json: boolean, signal: AbortSignal): Promise<number> {
    const { report, reportFile, kept } = await rehearse(options, makeView(json), signal);
    if (json) {
        process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
    } else {
        process.stdout.write(`${renderSummary(report)}\nreport: ${reportFile}\n`);
        if (kept) process.stdout.write(`still running at ${kept.url}; remove everything with:\n  ${kept.removeCommand}\n`);
    }
    return exitCodes[verdicts[report.verdict]];
}
