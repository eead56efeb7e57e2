import { failed, type RequestRecord } from "../load/request-record";
import type { Fault, FaultOutcome } from "./fault";

/** What a fault came to, with the time that was its own, in milliseconds since 1970. */
export interface FaultRun extends FaultOutcome {
    readonly fault: Pick<Fault<never>, "name" | "onAws" | "promise">;
    readonly startMs: number;
    readonly endMs: number;
}

/** A fault's line in the table, and its part of the JSON. */
export interface FaultVerdict {
    readonly fault: string;
    readonly onAws: string;
    readonly promise: string;
    readonly happened: string;
    readonly seconds: number;
    readonly requests: { readonly total: number; readonly failed: number; readonly mayFail: number; readonly because?: string };
    readonly kept: boolean;
    /** Why it was not kept, a sentence each. */
    readonly broken: readonly string[];
}

/** Requests that say something: fewer, and nothing is proved. */
const fewestShare = 0.9;
/** A request that was sent later than this has seen another moment than the one it was meant for. */
const longestLagMs = 1_000;

/**
 * Judges a fault by what it came to and by the requests that were sent in its time, which has quiet at both ends.
 * @param records undefined when the load has died, and what it saw with it
 */
export function judgeFault(run: FaultRun, records: readonly RequestRecord[] | undefined, ratePerSecond: number): FaultVerdict {
    const { fault, happened, mayLose, unseen, startMs, endMs } = run;
    const own = (records ?? []).filter(({ dueMs }) => dueMs >= startMs && dueMs < endMs);
    const lost = own.filter(failed);
    const mayFail = mayLose?.requests ?? 0;
    const seen = unseen === undefined ? 0 : own.filter(({ version }) => version === unseen).length;
    const broken = [
        ...run.broken,
        ...(lost.length > mayFail ? [`${lost.length} of ${own.length} requests failed (${causesOf(lost)}), and ${mayFail} may`] : []),
        ...(Number.isFinite(mayFail) ? [] : [`the bound of requests that may fail is ${mayFail}, so nothing is proved`]),
        ...(seen > 0 ? [`${seen} requests were answered by the release that nobody should see`] : []),
        ...(records ? doubtsOf(own, Math.floor((ratePerSecond * (endMs - startMs)) / 1000)) : ["what its requests saw is not known, so nothing is proved"]),
    ];
    return {
        fault: fault.name, onAws: fault.onAws, promise: fault.promise, happened,
        seconds: Math.round(endMs - startMs) / 1000,
        requests: { total: own.length, failed: lost.length, mayFail, ...(mayLose && { because: mayLose.because }) },
        kept: broken.length === 0, broken,
    };
}

/** A machine that sleeps or has too much to do sends what is due, but later. */
function doubtsOf(own: readonly RequestRecord[], due: number): readonly string[] {
    if (own.length < fewestShare * due || own.length === 0) return [`only ${own.length} of ${due} requests were sent, so nothing is proved`];
    const inTime = own.filter(({ lagMs }) => lagMs <= longestLagMs).length;
    return inTime < fewestShare * due ? [`only ${inTime} of ${due} requests were sent when they were due, so nothing is proved`] : [];
}

/** What requests failed by, and how many by each. */
export function causesOf(lost: readonly RequestRecord[]): string {
    const causes = new Map<string, number>();
    for (const { error, status } of lost) {
        const cause = error ?? String(status);
        causes.set(cause, (causes.get(cause) ?? 0) + 1);
    }
    return [...causes].map(([cause, count]) => `${count} × ${cause}`).join(", ");
}
