import { endedMs, failed, type RequestRecord } from "../load/request-record";
import { phaseOf, type Phase, type RolloutTimes } from "./phases";
import type { TimelineEvent } from "./report-input";

/** Failed requests that look alike. */
export interface Failure {
    readonly count: number;
    /** The error's code or the HTTP status. */
    readonly cause: string;
    readonly phase: Phase;
    /** The instance that answered; none = nobody did, or the app does not say. */
    readonly instance?: string;
    /** The release that answered, likewise. */
    readonly version?: string;
    /** What ran when they failed, as "instance LifecycleEvent": on that instance if it is known, else on any. */
    readonly running: readonly string[];
    /** When the first and the last of them failed, in milliseconds since 1970. */
    readonly firstMs: number;
    readonly lastMs: number;
}

/** The failed requests in groups, largest first, each with the lifecycle events that ran at that time. */
export function failuresOf(
    records: readonly RequestRecord[], events: readonly TimelineEvent[], times: RolloutTimes,
): readonly Failure[] {
    const groups = new Map<string, Failure>();
    for (const record of records.filter(failed)) {
        const single = describe(record, events, times);
        const { cause, phase, instance, version, running } = single;
        const key = JSON.stringify([cause, phase, instance, version, running]);
        const known = groups.get(key);
        groups.set(key, known ? merge(known, single) : single);
    }
    return [...groups.values()].sort((a, b) => b.count - a.count || a.firstMs - b.firstMs);
}

function describe(record: RequestRecord, events: readonly TimelineEvent[], times: RolloutTimes): Failure {
    const { instance, version } = record;
    const failedMs = endedMs(record);
    return {
        count: 1,
        cause: record.error ?? String(record.status),
        phase: phaseOf(times, record),
        ...(instance !== undefined && { instance }),
        ...(version !== undefined && { version }),
        // A request that timed out went wrong when it was sent, not when we gave it up.
        running: runningAt(events, record.error === "ETIMEDOUT" ? record.dueMs + record.lagMs : failedMs, instance),
        firstMs: failedMs,
        lastMs: failedMs,
    };
}

function merge(a: Failure, b: Failure): Failure {
    return { ...a, count: a.count + b.count, firstMs: Math.min(a.firstMs, b.firstMs), lastMs: Math.max(a.lastMs, b.lastMs) };
}

/** The lifecycle events under way at a time; an instance has at most one. */
function runningAt(events: readonly TimelineEvent[], atMs: number, only: string | undefined): readonly string[] {
    const running = new Map<string, string>();
    for (const { instance, event, status } of events.filter(each => each.atMs <= atMs)) {
        if (instance === undefined || (only !== undefined && instance !== only)) continue;
        if (status === "started") {
            running.set(instance, event);
        } else {
            running.delete(instance);
        }
    }
    return [...running].map(([instance, event]) => `${instance} ${event}`).sort();
}
