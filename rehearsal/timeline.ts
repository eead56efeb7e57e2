import { now } from "./load/clock";
import type { TimelineEvent } from "./report/report-input";

/** What happened when, in the order in which it happened. */
export class Timeline {
    readonly #events: TimelineEvent[] = [];

    /** @param listener hears of every event as it happens */
    constructor(private readonly listener: (event: TimelineEvent) => void = () => undefined) {}

    add(event: Omit<TimelineEvent, "atMs">): void {
        const timed = { ...event, atMs: now() };
        this.#events.push(timed);
        this.listener(timed);
    }

    get events(): readonly TimelineEvent[] {
        return this.#events;
    }
}
