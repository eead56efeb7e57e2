import { describeHolder, type Holder, release, renew, renewSeconds, expiryText } from "../lock";
import { inSeconds } from "../time-text";
import { DeliveryError } from "./error";
import type { StageLock } from "./stage-lock";

/** A lock in the hands of this process, which gives signs of life until the end. */
export class LockHold {
    private readonly loss = new AbortController();
    private renewal = Promise.resolve();
    private ended = false;
    private expires: string;
    /** Aborted once this process may hold the lock no longer, with the reason. */
    readonly lost = this.loss.signal;

    constructor(private readonly lock: StageLock, private readonly holder: Holder, private readonly stack: string, private readonly warn: (text: string) => void) {
        this.expires = holder.expires;
    }

    /** To be called each `renewSeconds`. */
    giveSign(): void {
        if (this.lost.aborted) return;
        // Before others may take it: the next look would be too late.
        if (Date.parse(this.expires) - this.lock.now().getTime() <= renewSeconds * 1000) {
            this.lose(`The lock of ${this.stack} could not be renewed, and from ${inSeconds(this.expires)} on others may take it`);
            return;
        }
        this.renewal = this.renewal.then(() => this.renew());
    }

    /** Frees the lock. What the work has come to matters more than whether that succeeds. */
    async end(): Promise<void> {
        this.ended = true;
        await this.renewal;
        try {
            await this.lock.document.change(lock => release(lock, this.holder.token));
        } catch (error) {
            this.warn(`the lock could not be freed and ends by itself in ${expiryText}: ${(error as Error).message}`);
        }
    }

    private async renew(): Promise<void> {
        if (this.ended || this.lost.aborted) return;
        const { token } = this.holder;
        try {
            const { holder } = await this.lock.document.change(lock => renew(lock, token, this.lock.now()));
            if (holder?.token === token) this.expires = holder.expires;
            else this.lose(`The lock of ${this.stack} was lost to ${holder ? describeHolder(holder) : "whoever removed it"}`);
        } catch (error) {
            // There is time to try again until it expires.
            this.warn(`the lock could not be renewed: ${(error as Error).message}`);
        }
    }

    private lose(how: string): void {
        if (this.lost.aborted) return;
        const message = `${how}, so this begins nothing more. What has begun: ./gapless status ${this.stack}`;
        this.warn(message);
        this.loss.abort(new DeliveryError(message, "needsPerson"));
    }
}
