import type { TimelineEvent } from "./report-input";

/** When a lifecycle event ran on an instance, in milliseconds since 1970; without an end while it goes on. */
export interface Span {
    readonly instance: string;
    readonly event: string;
    readonly startMs: number;
    readonly endMs: number;
}

/** The spans of all lifecycle events. */
export function spansOf(events: readonly TimelineEvent[]): readonly Span[] {
    return events.flatMap(({ instance, event, status, atMs: startMs }, place) => {
        if (instance === undefined || status !== "started") return [];
        const end = events.slice(place + 1).find(later => later.instance === instance && later.event === event && later.status !== "started");
        return [{ instance, event, startMs, endMs: end?.atMs ?? Infinity }];
    });
}

/** The lifecycle events that ran at any time from one moment to another. */
export function runningAt(events: readonly TimelineEvent[], fromMs: number, untilMs: number): readonly Span[] {
    return spansOf(events).filter(({ startMs, endMs }) => startMs <= untilMs && endMs >= fromMs);
}
