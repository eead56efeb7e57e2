/**
 * Milliseconds that are asked for once more. Docker hands lines over every five seconds and later when the network was cut; CloudWatch
 * shows them some seconds after that. So what was not there a moment ago may come with an earlier time.
 */
const overlapMs = 60_000;

/** Which part of a log is still to be read, and what of it was read already: each line once, none between two rounds lost. */
export class LogWindow {
    #from: number;
    #newest: number | undefined;
    readonly #read = new Map<string, number>();

    constructor(since: Date) {
        this.#from = since.getTime();
    }

    /** Milliseconds since 1970 from which the next round reads. */
    get from(): number {
        return this.#from;
    }

    /** True for an event that was not read before. */
    admit({ id, timestamp }: { readonly id: string; readonly timestamp: number }): boolean {
        this.#newest = Math.max(this.#newest ?? timestamp, timestamp);
        if (this.#read.has(id)) return false;
        this.#read.set(id, timestamp);
        return true;
    }

    /** A round was read to its end; the next one begins a little before what this one has seen. @param begun by this machine's clock */
    complete(begun: Date): void {
        // An event's time is its host's: one whose clock is fast must not hide what others write. Nor must ours, when it is.
        const seen = Math.min(this.#newest ?? this.#from, begun.getTime());
        this.#from = Math.max(this.#from, seen - overlapMs);
        for (const [id, timestamp] of this.#read) if (timestamp < this.#from) this.#read.delete(id);
    }
}
