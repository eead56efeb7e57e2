import { createLogUpdate } from "log-update";
import pc from "picocolors";
import type { View } from "../rehearsal/view";

/**
 * Tells a rehearsal on standard error, so that standard output stays the result's: a picture that moves on a terminal,
 * plain lines elsewhere.
 * @param quiet only warnings
 */
export function makeView(quiet: boolean): View {
    const say = (line: string): void => void process.stderr.write(`${line}\n`);
    const warn = (text: string): void => { say(pc.yellow(`warning: ${text}`)); };
    const nothing = (): void => undefined;
    if (quiet) return { step: nothing, note: nothing, warn, event: nothing, live: nothing };

    const begin = performance.now();
    const clock = (): string => pc.dim(`${((performance.now() - begin) / 1000).toFixed(1).padStart(5)} s `);
    const told = { step: (text: string): void => { say(clock() + text); }, note: (text: string): void => { say(clock() + pc.dim(text)); }, warn };
    if (process.stderr.isTTY) {
        const screen = createLogUpdate(process.stderr);
        return {
            ...told,
            event: nothing,
            live: lines => {
                if (lines.length > 0) screen(lines.join("\n"));
                else screen.done();
            },
        };
    }
    return {
        ...told,
        event: ({ instance, event, status, detail }) => {
            // The beginning of an event says nothing that its end does not.
            if (status !== "started") say(clock() + ["  ", instance ?? "", event, status ?? "", detail ?? ""].filter(Boolean).join(" "));
        },
        live: nothing,
    };
}
