import { createLogUpdate } from "log-update";
import pc from "picocolors";
import { renderSummary } from "../rehearsal/report/summary";
import type { Rehearsed, View } from "../rehearsal/view";

/**
 * Tells a rehearsal on standard error, so that standard output stays the result's: a picture that moves on a terminal,
 * plain lines elsewhere.
 * @param json prints the report itself, and beside it only warnings
 */
export function makeView(json: boolean): View {
    const { isTTY } = process.stderr;
    // picocolors alone would look at standard output. isTTY is undefined, not false, where there is no terminal.
    const colours = pc.createColors(isTTY ? !process.env["NO_COLOR"] : false);
    const say = (line: string): void => void process.stderr.write(`${line}\n`);
    const warn = (text: string): void => { say(colours.yellow(`warning: ${text}`)); };
    const nothing = (): void => undefined;
    if (json) return { step: nothing, note: nothing, warn, event: nothing, result: printJson };

    const begin = performance.now();
    const clock = (): string => colours.dim(`${((performance.now() - begin) / 1000).toFixed(1).padStart(5)} s `);
    const told = {
        step: (text: string): void => { say(clock() + text); },
        note: (text: string): void => { say(clock() + colours.dim(text)); },
        warn,
        result: printSummary,
    };
    if (isTTY) return { ...told, event: nothing, live: makePicture() };
    return {
        ...told,
        event: ({ instance, event, status, detail }) => {
            // The beginning of an event says nothing that its end does not.
            if (status !== "started") say(clock() + ["  ", instance, event, status, detail].filter(Boolean).join(" "));
        },
    };
}

function makePicture(): NonNullable<View["live"]> {
    const screen = createLogUpdate(process.stderr);
    return lines => {
        if (lines.length > 0) screen(lines.join("\n"));
        else screen.done();
    };
}

function printJson({ report }: Rehearsed): void {
    process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
}

function printSummary({ report, reportFile, kept }: Rehearsed): void {
    process.stdout.write(`\n${renderSummary(report)}\nreport      ${reportFile}\n`);
    if (kept) process.stdout.write(`running     ${kept.url}\nremove with ${kept.removeCommand}\n`);
}
