import { setTimeout as sleep } from "node:timers/promises";

/** Time, as whoever waits for something sees it. */
export interface Clock {
    now(): Date;
    /** Rejects with an AbortError as soon as the signal is aborted. */
    wait(seconds: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
    now: () => new Date(),
    wait: (seconds, signal) => sleep(seconds * 1000, undefined, { signal }),
};
