import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "../release/clock";

// The shortest deadline is two minutes: a slow machine has one, for work that it does no faster than any other.
const fewestDeadlineScale = 0.5;

/** How long a deadline is here: waits are scaled, work is not, so it is not as much shorter as they are. */
export function deadlineScale(timeScale: number): number {
    return Math.max(timeScale, fewestDeadlineScale);
}

/** A clock on which the service's waits take as long as on AWS, and a rehearsal's person does not. */
export class ScaledClock implements Clock {
    readonly #begun = Date.now();
    readonly #begunMs = performance.now();

    /**
     * @param timeScale of its waits: 1 = as on AWS, 0.1 = ten times as fast
     * @param nowScale of its time
     */
    constructor(private readonly timeScale: number, private readonly nowScale = timeScale) {}

    now(): Date {
        return new Date(this.#begun + (performance.now() - this.#begunMs) / this.nowScale);
    }

    async wait(seconds: number, signal: AbortSignal): Promise<void> {
        await sleep(seconds * 1000 * this.timeScale, undefined, { signal });
    }
}
