import { createLogUpdate } from "log-update";
import pc from "picocolors";

/** Tells a person what goes on, on standard error: standard output is the result's. */
export interface Teller {
    /** A step of the way, with the time since the command began. */
    step(text: string): void;
    /** What is worth knowing beside the steps. */
    note(text: string): void;
    warn(text: string): void;
    /** A picture that moves, on a terminal alone; no lines end it and leave the last one standing. */
    readonly live?: (lines: readonly string[]) => void;
}

/** @param json leaves warnings alone, since a machine reads the result */
export function makeTeller(json: boolean): Teller {
    const { isTTY } = process.stderr;
    // picocolors alone would look at standard output. isTTY is undefined, not false, where there is no terminal.
    const colours = pc.createColors(isTTY ? !process.env["NO_COLOR"] : false);
    const say = (line: string): void => void process.stderr.write(`${line}\n`);
    const warn = (text: string): void => { say(colours.yellow(`warning: ${text}`)); };
    const nothing = (): void => undefined;
    if (json) return { step: nothing, note: nothing, warn };

    const begin = performance.now();
    const clock = (): string => colours.dim(`${((performance.now() - begin) / 1000).toFixed(1).padStart(5)} s `);
    return {
        step: text => { say(clock() + text); },
        note: text => { say(clock() + colours.dim(text)); },
        warn,
        ...(isTTY && { live: makePicture() }),
    };
}

function makePicture(): NonNullable<Teller["live"]> {
    const screen = createLogUpdate(process.stderr);
    return lines => {
        if (lines.length > 0) screen(lines.join("\n"));
        else screen.done();
    };
}
