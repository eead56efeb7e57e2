import { endedMs, failed, type RequestRecord } from "../load/request-record";
import { percentiles } from "./percentiles";

/** The requests that ended within one second. */
export interface Second {
    /** Its beginning, in milliseconds since 1970. */
    readonly atMs: number;
    /** Answered requests by the release that answered; `unknown` for an app that does not say. */
    readonly answered: Readonly<Record<string, number>>;
    readonly failed: number;
    /** Median and 99th percentile of those answered, slow ones left out, in milliseconds from when each was due; null = there were none. */
    readonly p50Ms: number | null;
    readonly p99Ms: number | null;
}

/** The load second by second from the first request on, seconds without any included. */
export function secondsOf(records: readonly RequestRecord[]): readonly Second[] {
    let [firstMs, lastMs] = [Infinity, -Infinity];
    for (const record of records) {
        firstMs = Math.min(firstMs, record.dueMs);
        lastMs = Math.max(lastMs, endedMs(record));
    }
    const count = records.length === 0 ? 0 : Math.floor((lastMs - firstMs) / 1000) + 1;
    const seconds = Array.from({ length: count }, (_, k): Growing => ({
        atMs: Math.round(firstMs + k * 1000), answered: {}, failed: 0, latenciesMs: [],
    }));
    for (const record of records) {
        const second = seconds[Math.floor((endedMs(record) - firstMs) / 1000)];
        if (second === undefined) continue;
        if (failed(record)) {
            second.failed++;
        } else {
            const version = record.version ?? "unknown";
            second.answered[version] = (second.answered[version] ?? 0) + 1;
            if (!record.slow) second.latenciesMs.push(record.latencyMs);
        }
    }
    return seconds.map(({ latenciesMs, ...second }) => {
        const { p50, p99 } = percentiles(latenciesMs);
        return { ...second, p50Ms: p50, p99Ms: p99 };
    });
}

interface Growing {
    readonly atMs: number;
    readonly answered: Record<string, number>;
    failed: number;
    readonly latenciesMs: number[];
}
