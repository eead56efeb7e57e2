import { renderSummary } from "../rehearsal/report/summary";
import type { Rehearsed, View } from "../rehearsal/view";
import { makeTeller } from "./teller";

/**
 * Tells a rehearsal: a picture that moves on a terminal, plain lines elsewhere.
 * @param json prints the report itself, and beside it only warnings
 */
export function makeView(json: boolean): View {
    const tell = makeTeller(json);
    if (json) return { ...tell, event: () => undefined, result: printJson };
    if (tell.live) return { ...tell, event: () => undefined, result: printSummary };
    return {
        ...tell,
        event: ({ instance, event, status, detail }) => {
            // The beginning of an event says nothing that its end does not.
            if (status !== "started") tell.step(["  ", instance, event, status, detail].filter(Boolean).join(" "));
        },
        result: printSummary,
    };
}

function printJson({ report }: Rehearsed): void {
    process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
}

function printSummary({ report, reportFile, page, kept }: Rehearsed): void {
    process.stdout.write(`\n${renderSummary(report)}\nreport      ${page} (and ${reportFile})\n`);
    if (kept) process.stdout.write(`running     ${kept.url}\nremove with ${kept.removeCommand}\n`);
}
