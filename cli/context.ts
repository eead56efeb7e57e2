import { join } from "node:path";
import { type Clock, systemClock } from "../release/clock";
import type { HearWish, Interrupts } from "./interrupts";
import { makeTeller, type Teller } from "./teller";

/** What a command finds around it, and tests set up in its place. */
export interface CommandContext {
    /** Aborted by Ctrl-C, SIGTERM and SIGHUP. */
    readonly signal: AbortSignal;
    /** Has the next of those be a wish that is heard in place of an end. Returns what takes that back. */
    readonly interruptsAsWish: (heard: HearWish) => () => void;
    readonly clock: Clock;
    readonly env: Readonly<Record<string, string | undefined>>;
    /** Folder of the Pulumi program. */
    readonly folder: string;
    /** Folder that the user is in, which paths on the command line are relative to. */
    readonly callerFolder: string;
    readonly tell: Teller;
    /** Prints the result on standard output: for a machine with --json, else for a person. */
    print(result: object, text: string): void;
}

/** @param printed is told that there was a result */
export function makeContext(interrupts: Interrupts, json: boolean, printed: () => void): CommandContext {
    return {
        signal: interrupts.signal,
        interruptsAsWish: heard => interrupts.asWish(heard),
        clock: systemClock,
        env: process.env,
        folder: join(import.meta.dirname, ".."),
        callerFolder: process.env["GAPLESS_CALLER_FOLDER"] ?? process.cwd(),
        tell: makeTeller(json),
        print: (result, text) => {
            printed();
            process.stdout.write(json ? asJson(result) : `${text}\n`);
        },
    };
}

/** A result for machines. The schema's version grows when a member goes away or changes its meaning. */
export function asJson(result: object): string {
    return `${JSON.stringify({ schemaVersion: 1, ...result }, undefined, 2)}\n`;
}
