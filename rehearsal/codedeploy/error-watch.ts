import type { Clock } from "../../release/clock";
import type { Answered } from "../balancer/target-group";
import type { ErrorAlarm } from "../program/error-alarm";

export interface ErrorWatchArgs {
    readonly alarm: ErrorAlarm;
    readonly answered: () => Promise<Answered>;
    readonly clock: Clock;
    /** Factor on a minute, and so on the requests that it must have. */
    readonly timeScale: number;
    readonly signal: AbortSignal;
}

/** As CloudWatch counts them: the finest that a load balancer reports, and three of which one is enough. */
const periodSeconds = 60;
const periods = 3;

/** Stands for the deployment group's alarm on errors: looks at whole minutes of the service's time, and fires while one of the last three was bad. */
export class ErrorWatch implements AsyncDisposable {
    readonly #over = new AbortController();
    readonly #watching: Promise<void>;
    readonly #listeners = new Set<() => void>();
    readonly #others = new Set<string>();
    #last: readonly string[] = [];

    constructor(private readonly args: ErrorWatchArgs) {
        this.#watching = this.watch(AbortSignal.any([args.signal, this.#over.signal])).catch((error: unknown) => {
            if (!(error instanceof Error) || error.name !== "AbortError") throw error;
        });
        // Whoever disposes of it hears of a trouble; until then nobody need be listening.
        this.#watching.catch(() => undefined);
    }

    /** Why it fires; undefined while it does not. */
    get firing(): string | undefined {
        return [...this.#others][0] ?? this.#last.findLast(reason => reason !== "");
    }

    /** Has it fire until this is disposed of, as another alarm of the deployment group does: there are some, such as on answer times, that nobody watches here. */
    fire(reason: string): Disposable {
        this.#others.add(reason);
        this.tell();
        return { [Symbol.dispose]: () => { this.#others.delete(reason); } };
    }

    /** Calls back, once, when it begins to fire; at once when it does. */
    onFiring(listener: () => void): Disposable {
        if (this.firing !== undefined) listener();
        else this.#listeners.add(listener);
        return { [Symbol.dispose]: () => { this.#listeners.delete(listener); } };
    }

    async [Symbol.asyncDispose](): Promise<void> {
        this.#over.abort();
        await this.#watching;
    }

    private async watch(signal: AbortSignal): Promise<void> {
        const { answered, clock } = this.args;
        for (let before = await answered(); !signal.aborted;) {
            await clock.wait(periodSeconds, signal);
            const now = await answered();
            this.look(now.requests - before.requests, now.errors - before.errors);
            before = now;
        }
    }

    private look(asked: number, failed: number): void {
        const { alarm: { percent, minimumRequests }, timeScale } = this.args;
        const bad = asked >= Math.ceil(minimumRequests * timeScale) && (100 * failed) / asked > percent;
        this.#last = [...this.#last, bad ? `${failed} of ${asked} requests of a minute were answered with 5xx, more than ${percent} percent` : ""].slice(-periods);
        if (bad) this.tell();
    }

    private tell(): void {
        for (const listener of this.#listeners) listener();
        this.#listeners.clear();
    }
}
