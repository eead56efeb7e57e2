import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "../release/clock";

/** A clock on which the service's waits take as long as on AWS, and a rehearsal's person does not. */
export class ScaledClock implements Clock {
    readonly #begun = Date.now();
    readonly #begunMs = performance.now();

    /** @param timeScale 1 = as on AWS, 0.1 = ten times as fast */
    constructor(private readonly timeScale: number) {}

    now(): Date {
        return new Date(this.#begun + (performance.now() - this.#begunMs) / this.timeScale);
    }

    async wait(seconds: number, signal: AbortSignal): Promise<void> {
        await sleep(seconds * 1000 * this.timeScale, undefined, { signal });
    }
}
