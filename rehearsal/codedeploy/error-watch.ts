import type { Clock } from "../../release/clock";
import type { Counted } from "../balancer/target-group";
import type { ErrorAlarm } from "../program/error-alarm";

export interface ErrorWatchArgs {
    readonly alarm: ErrorAlarm;
    readonly counted: () => Promise<Counted>;
    readonly clock: Clock;
    /** Factor on a minute, and so on the requests that it must have. */
    readonly timeScale: number;
    /** Is told, once, why it looks no more. */
    readonly onTrouble: (trouble: string) => void;
    readonly signal: AbortSignal;
}

/** The finest that a load balancer reports. */
const periodSeconds = 60;
/** A machine under load may leave a look unanswered, not so many in a row. */
const mostFailedLooks = 3;

/** Stands for the deployment group's alarm on errors: looks at whole minutes of the service's time, and fires while as many of the last were bad as the alarm says. */
export class ErrorWatch implements AsyncDisposable {
    readonly #over = new AbortController();
    readonly #watching: Promise<void>;
    readonly #listeners = new Set<() => void>();
    readonly #others = new Set<string>();
    #last: readonly string[] = [];

    constructor(private readonly args: ErrorWatchArgs) {
        const signal = AbortSignal.any([args.signal, this.#over.signal]);
        this.#watching = this.watch(signal).catch((error: unknown) => {
            this.#last = [];
            if (!signal.aborted) args.onTrouble(`The alarm on errors looks no more: ${error instanceof Error ? error.message : String(error)}`);
        });
    }

    /** Why it fires; undefined while it does not. */
    get firing(): string | undefined {
        const bad = this.#last.filter(reason => reason !== "");
        return [...this.#others][0] ?? (bad.length >= this.args.alarm.datapointsToAlarm ? bad.at(-1) : undefined);
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
        let failedLooks = 0;
        const look = async (): Promise<Counted | undefined> => {
            try {
                const counted = await this.args.counted();
                failedLooks = 0;
                return counted;
            } catch (error) {
                if (++failedLooks >= mostFailedLooks) throw error;
                return undefined;
            }
        };
        for (let before = await look(); !signal.aborted;) {
            await this.args.clock.wait(periodSeconds, signal);
            const now = await look();
            // A minute without data is not breaching.
            this.remember(before && now ? this.judge(before, now) : "");
            before = now;
        }
    }

    private remember(reason: string): void {
        this.#last = [...this.#last, reason].slice(-this.args.alarm.evaluationPeriods);
        if (this.firing !== undefined) this.tell();
    }

    /** What was bad of a minute; "" = nothing. As in components/deployment-alarms.ts; how many are healthy is looked at where minutes meet. */
    private judge(before: Counted, now: Counted): string {
        const { alarm: { percent, minimumRequests }, timeScale } = this.args;
        const asked = now.requests - before.requests;
        const failed = before.healthy > 0 && now.healthy > 0 ? now.errors - before.errors : now.errorsOfTargets - before.errorsOfTargets;
        const bad = before.healthy + now.healthy > 0 && asked >= Math.ceil(minimumRequests * timeScale) && (100 * failed) / asked > percent;
        return bad ? `${failed} of ${asked} requests of a minute were answered with 5xx, more than ${percent} percent` : "";
    }

    private tell(): void {
        for (const listener of this.#listeners) listener();
        this.#listeners.clear();
    }
}
