import { cutNoticeMs, endedMs as endOf, type RequestRecord, sentMs } from "../load/request-record";
import type { StopSeen } from "./stop-seen";

/** How a service took its stop: it finished what it had, it dropped it, or it took no notice until it was killed. */
export type Manner = "graceful" | "atOnce" | "killed";

/** A stop as a report tells of it. */
export interface Stop {
    readonly instance: string;
    /** The release that ran in it; none when it is not of this rehearsal. */
    readonly version?: string;
    /** When it was told to end, in milliseconds since 1970. */
    readonly atMs: number;
    /** Until it had. */
    readonly seconds: number;
    readonly exitCode: number;
    readonly manner: Manner;
}

/** Exit code of a process that SIGKILL has ended. */
const killedCode = 137;
/** Docker's init tells the end by a signal as 128 and its number, which some services give themselves when they have finished all. */
const endedBy = (signal: number): number => 128 + signal;
/** One that takes longer than this has finished something first. */
const momentSeconds = 1;
/** A request that was sent so long before a stop has reached the process; a younger one may still be met by a door that is being closed. */
const surelyOpenMs = 100;

/**
 * Tells of each stop how the service took it.
 * @param cut requests that got no complete answer because their connection ended
 */
export function describeStops(seen: readonly StopSeen[], cut: readonly RequestRecord[]): readonly Stop[] {
    return seen.map(stop => {
        const { instance, version, atMs, endedMs, exitCode } = stop;
        return {
            instance, ...(version !== undefined && { version }), atMs, seconds: Math.round(endedMs - atMs) / 1000, exitCode, manner: mannerOf(stop, cut),
        };
    });
}

function mannerOf({ instance, atMs, endedMs, signal, exitCode }: StopSeen, cut: readonly RequestRecord[]): Manner {
    if (exitCode === killedCode) return "killed";
    const stop = { instance, atMs, seconds: (endedMs - atMs) / 1000 };
    if (cut.some(record => wasOpenAt(stop, record) && sentMs(record) <= atMs - surelyOpenMs)) return "atOnce";
    return exitCode === endedBy(signal) && stop.seconds < momentSeconds ? "atOnce" : "graceful";
}

/** Whether a request that was cut had been sent when a container was told to end, and was lost with it. */
export function wasOpenAt(stop: Pick<Stop, "instance" | "atMs" | "seconds">, record: RequestRecord): boolean {
    return sentMs(record) <= stop.atMs && endsWith(stop, record) && endOf(record) >= stop.atMs;
}

/** Whether a request that was cut was lost when a container was killed, whenever it had been sent. */
export function endedWith(stop: Pick<Stop, "instance" | "atMs" | "seconds">, record: RequestRecord): boolean {
    const endedMs = stop.atMs + stop.seconds * 1000;
    return sentMs(record) <= endedMs && endsWith(stop, record) && endOf(record) >= endedMs - cutNoticeMs;
}

function endsWith({ instance, atMs, seconds }: Pick<Stop, "instance" | "atMs" | "seconds">, record: RequestRecord): boolean {
    return (record.instance ?? instance) === instance && endOf(record) <= atMs + seconds * 1000 + cutNoticeMs;
}
