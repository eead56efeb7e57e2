import type { Clock } from "../clock";
import { DeliveryError } from "./error";

const patienceMinutes = 10;
const throttled: readonly string[] = ["Throttling", "ThrottlingException", "RequestLimitExceeded", "TooManyRequestsException", "LimitExceededException"];

/** What a caller who asks AWS again and again does about answers that do not come: it waits, but not for ever. */
export class Patience {
    #since: Date | undefined;

    /** @param whatGoesOn said when patience ends: what happens on AWS meanwhile, and how to look again */
    constructor(readonly clock: Clock, readonly tell: { warn(text: string): void }, readonly whatGoesOn: string) {}

    /** AWS has answered. */
    answered(): void {
        this.#since = undefined;
    }

    /** AWS has not answered. @throws the error when asking again is no help, a DeliveryError when AWS was asked for ten minutes */
    failed(error: unknown): void {
        if (!mayPass(error)) throw error;
        const now = this.clock.now();
        if (this.#since === undefined) {
            this.#since = now;
            this.tell.warn(`AWS cannot be asked (${(error as Error).message}): trying again for ${patienceMinutes} minutes`);
        }
        if (now.getTime() - this.#since.getTime() < patienceMinutes * 60_000) return;
        throw new DeliveryError(
            `AWS could not be asked for ${patienceMinutes} minutes: ${(error as Error).message}. ${this.whatGoesOn}`, "failed", { cause: error },
        );
    }
}

/** Whether the same question may be answered later: the network, a server's fault, too many questions. Not a refusal. */
export function mayPass(error: unknown): boolean {
    if (!(error instanceof Error)) return false;
    const { $metadata, code } = error as Error & { readonly $metadata?: { readonly httpStatusCode?: number }; readonly code?: unknown };
    if (error.name === "TimeoutError") return true;
    const status = $metadata?.httpStatusCode;
    if (status === undefined) return typeof code === "string" && /^(E[A-Z]+|UND_)/.test(code) && !code.startsWith("ERR_");
    return status >= 500 || status === 429 || throttled.includes(error.name);
}

/** Seconds until AWS is asked again: soon while things change, then more and more rarely. */
export class Pauses {
    #next = shortestSeconds;

    after(changed: boolean): number {
        const pause = changed ? shortestSeconds : this.#next;
        this.#next = Math.min(pause * 1.5, longestSeconds);
        return pause;
    }
}

const shortestSeconds = 2;
const longestSeconds = 10;
