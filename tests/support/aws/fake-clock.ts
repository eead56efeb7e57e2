import type { Clock } from "../../../release/clock";

/** Time that passes only when somebody waits, and then at once. */
export class FakeClock implements Clock {
    /** Seconds of every wait so far, in order. */
    readonly waits: number[] = [];
    private readonly hooks: ((waits: number) => void | Promise<void>)[] = [];
    private time: number;

    /** @param begin an ISO time */
    constructor(begin = "2026-01-01T00:00:00.000Z") {
        this.time = Date.parse(begin);
    }

    now(): Date {
        return new Date(this.time);
    }

    /** Lets time pass for whoever is not waiting. */
    pass(seconds: number): void {
        this.time += seconds * 1000;
    }

    /** Does something at every wait, as if it happened meanwhile; `waits` counts them from 1. Abort a signal here to be Ctrl-C. */
    meanwhile(hook: (waits: number) => void | Promise<void>): void {
        this.hooks.push(hook);
    }

    async wait(seconds: number, signal: AbortSignal): Promise<void> {
        throwIfAborted(signal);
        this.waits.push(seconds);
        this.pass(seconds);
        for (const hook of this.hooks) await hook(this.waits.length);
        // Others that wait go on in between, as they would while time passes.
        await new Promise(resolve => setImmediate(resolve));
        throwIfAborted(signal);
    }

    /** Seconds waited in all. */
    get waited(): number {
        return this.waits.reduce((sum, seconds) => sum + seconds, 0);
    }
}

// As timers/promises does: an AbortError, whatever the reason.
function throwIfAborted(signal: AbortSignal): void {
    if (signal.aborted) throw new DOMException("The operation was aborted", "AbortError");
}
