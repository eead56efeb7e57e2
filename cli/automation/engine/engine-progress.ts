import type { Clock } from "../../../release/clock";
import type { Timer } from "../../../release/timer";
import type { Teller } from "../../teller";
import { shortType } from "./change";
import { doneBy, duration, words } from "./change-words";
import type { Diagnostic, News, Operation, PolicyViolation, Work } from "./operation";

const namedAtOnce = 5;
const redrawSeconds = 1;
const quietSeconds = 30;

/** How far an operation is, in a word. */
export function howFar({ done, total, expected }: Operation): string {
    // Before a new stack has told all of its resources, their number is not known.
    return expected > 0 ? `${done} of ${total} resources` : `${done} resources`;
}

/** An operation as it stands, for a terminal: what has taken longest first. */
export function picture(operation: Operation, stack: string, now: Date): readonly string[] {
    const running = longestFirst(operation);
    const more = running.length - namedAtOnce;
    return [
        `${operation.verb} ${stack}: ${howFar(operation)}, ${duration(secondsSince(operation.begun, now))}`,
        ...running.slice(0, namedAtOnce).map(work => `    ${describeWork(work, now)}`),
        ...(more > 0 ? [`    and ${more} more`] : []),
    ];
}

/** What the engine has been busy with for long; undefined when nothing is under way. */
export function stillWaiting(operation: Operation, now: Date): string | undefined {
    const [longest, ...others] = longestFirst(operation);
    return longest && `still ${describeWork(longest, now)}${others.length > 0 ? `, and ${others.length} more` : ""} (${howFar(operation)})`;
}

function longestFirst({ running }: Operation): readonly Work[] {
    return [...running.values()].sort((one, other) => one.since.getTime() - other.since.getTime());
}

function describeWork({ kind, name, type, since }: Work, now: Date): string {
    return `${words[kind].doing} ${name} (${shortType(type)}) for ${duration(secondsSince(since, now))}`;
}

function secondsSince(begun: Date, now: Date): number {
    return (now.getTime() - begun.getTime()) / 1000;
}

/** Tells an operation while it runs: a picture that moves on a terminal, else a line for each change. */
export class EngineProgress implements Disposable {
    #stop: () => void;

    constructor(readonly operation: Operation, readonly stack: string, readonly tell: Teller, readonly clock: Clock, readonly timer: Timer) {
        this.#stop = tell.live ? timer.every(redrawSeconds, () => { this.#draw(); }) : this.#remindOfSilence();
        this.#draw();
    }

    news(news: News | undefined): void {
        if (this.tell.live) this.#draw();
        else if (news) this.#tellNews(news);
    }

    /** Leaves the last picture, and below it what was found wrong. */
    [Symbol.dispose](): void {
        this.#stop();
        if (!this.tell.live) return;
        this.#draw();
        this.tell.live([]);
        for (const diagnostic of this.operation.diagnostics) this.#tellWarning({ diagnostic });
        for (const violation of this.operation.violations) this.#tellWarning({ violation });
    }

    #tellNews(news: News): void {
        if ("diagnostic" in news || "violation" in news) {
            this.#tellWarning(news);
            return;
        }
        const line = this.#lineOf(news);
        if (line === undefined) return;
        this.tell.step(line);
        this.#stop();
        this.#stop = this.#remindOfSilence();
    }

    /** Errors are told at the end, with what to do. */
    #tellWarning(news: { readonly diagnostic: Diagnostic } | { readonly violation: PolicyViolation }): void {
        if ("diagnostic" in news) {
            const { severity, resource, message } = news.diagnostic;
            if (severity === "warning") this.tell.warn(about(resource, message));
        } else {
            const { mandatory, resource, policy, message } = news.violation;
            if (!mandatory) this.tell.warn(about(resource, `${message} (policy ${policy})`));
        }
    }

    #draw(): void {
        this.tell.live?.(picture(this.operation, this.stack, this.clock.now()));
    }

    /** From now on. */
    #remindOfSilence(): () => void {
        return this.timer.every(quietSeconds, () => {
            const text = stillWaiting(this.operation, this.clock.now());
            if (text !== undefined) this.tell.step(text);
        });
    }

    #lineOf(news: Exclude<News, { diagnostic: unknown } | { violation: unknown }>): string | undefined {
        if ("failed" in news) return `${words[news.failed.kind].doing} ${news.failed.name} (${shortType(news.failed.type)}) failed`;
        const { done: { kind, name, type }, seconds } = news;
        if (kind === "read") return undefined;
        if (this.operation.verb === "preview") return `would ${words[kind].todo} ${name} (${shortType(type)})`;
        return `${doneBy(this.operation.verb, kind)} ${name} (${shortType(type)}) in ${duration(seconds)} (${howFar(this.operation)})`;
    }
}

function about(resource: string | undefined, message: string): string {
    return resource === undefined ? message : `${resource}: ${message}`;
}
