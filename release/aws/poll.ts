import type { Clock } from "../clock";
import { DeliveryError } from "./error";
import { refusalOf } from "./refusal";
import { isTransient } from "./transient";

const shortestPauseSeconds = 2;
const longestPauseSeconds = 10;

/** Seconds until the next question: what has just changed may soon change again, and what rests is asked for less and less. */
export function nextPause(lastSeconds: number | undefined, changed: boolean): number {
    if (lastSeconds === undefined || changed) return shortestPauseSeconds;
    return Math.min(lastSeconds * 1.5, longestPauseSeconds);
}

export interface PollOptions {
    readonly clock: Clock;
    /** Ends the waiting. */
    readonly signal: AbortSignal;
    readonly warn: (text: string) => void;
    /** What a person has to know when nobody asks any more, such as that a deployment goes on. */
    readonly goesOn: string;
    /** Minutes for which AWS may not answer, or only with errors that pass. @default 10 */
    readonly patienceMinutes?: number | undefined;
    /** Real seconds that one question may take, which is many calls for a large fleet. @default 60 */
    readonly questionSeconds?: number | undefined;
}

/** Asks AWS again and again, and bears it when it cannot be asked for a while. */
export class Poll {
    private pauseSeconds: number | undefined;
    private silentSince: Date | undefined;

    constructor(private readonly options: PollOptions) {}

    /**
     * Asks until there is an answer.
     * @throws DeliveryError at a refusal, which lasts, and when the patience is over; the signal's reason when it is aborted
     */
    async ask<Answer>(question: (signal: AbortSignal) => Promise<Answer>): Promise<Answer> {
        for (;;) {
            const answer = await this.attempt(question);
            if (answer !== undefined) return answer.given;
            await this.rest(false);
        }
    }

    /**
     * Waits until it is time to ask again.
     * @param changed whether the last answer was another than the one before
     * @param atLeastSeconds for questions that take many calls
     */
    async rest(changed: boolean, atLeastSeconds = 0): Promise<void> {
        const { clock, signal } = this.options;
        this.pauseSeconds = nextPause(this.pauseSeconds, changed);
        try {
            await clock.wait(Math.max(this.pauseSeconds, atLeastSeconds), signal);
        } catch (error) {
            this.endWhenAborted();
            throw error;
        }
    }

    private async attempt<Answer>(question: (signal: AbortSignal) => Promise<Answer>): Promise<{ readonly given: Answer } | undefined> {
        const { signal, questionSeconds = 60 } = this.options;
        this.endWhenAborted();
        // The SDK itself waits for ever for an answer on a connection that is silently dead.
        const deadline = AbortSignal.timeout(questionSeconds * 1000);
        try {
            const given = await question(AbortSignal.any([signal, deadline]));
            this.hear();
            return { given };
        } catch (error) {
            this.endWhenAborted();
            if (deadline.aborted) this.bear(new Error(`no answer within ${questionSeconds} s`, { cause: error }));
            else if (isTransient(error)) this.bear(error as Error);
            else throw this.refusal(error);
            return undefined;
        }
    }

    private hear(): void {
        if (this.silentSince === undefined) return;
        this.silentSince = undefined;
        this.options.warn("AWS answers again.");
    }

    private bear(error: Error): void {
        const { clock, warn, goesOn, patienceMinutes = 10 } = this.options;
        const now = clock.now();
        if (this.silentSince === undefined) {
            this.silentSince = now;
            warn(`AWS cannot be asked now, and is asked again for ${patienceMinutes} minutes: ${describe(error)}`);
        } else if (now.getTime() - this.silentSince.getTime() >= patienceMinutes * 60_000) {
            throw new DeliveryError(`AWS could not be asked for ${patienceMinutes} minutes, last: ${describe(error)}. ${goesOn}`, "failed", { cause: error });
        }
    }

    private refusal(error: unknown): unknown {
        const refusal = error instanceof Error ? refusalOf(error) : undefined;
        // What AWS has not said is a mistake of the program, or an error that explains itself.
        return refusal === undefined ? error : new DeliveryError(`${refusal} ${this.options.goesOn}`, "failed", { cause: error });
    }

    private endWhenAborted(): void {
        const { signal, warn, goesOn } = this.options;
        if (!signal.aborted) return;
        warn(goesOn);
        throw signal.reason;
    }
}

function describe(error: Error): string {
    const text = error.message.trim().replace(/\.$/, "") || error.name;
    return ["Error", "DeliveryError"].includes(error.name) || text === error.name ? text : `${error.name}: ${text}`;
}
