import { setMaxListeners } from "node:events";

/** Hears a wish to end. @param end ends the command after all, where nothing has to be brought to an end first */
export type HearWish = (reason: Error, end: () => void) => void;

/** Ctrl-C, SIGTERM and SIGHUP, in the order in which they come. */
export class Interrupts {
    private readonly stop = new AbortController();
    private heard: HearWish | undefined;
    private seen = 0;

    /** @param effects.exit ends the process as it is */
    constructor(private readonly effects: { say(text: string): void; exit(): void }) {
        // Every call that is under way hears it, and a status makes many at once; ten would be a leak by Node's reckoning.
        setMaxListeners(0, this.stop.signal);
    }

    /** Aborted by the one that ends the command. */
    get signal(): AbortSignal {
        return this.stop.signal;
    }

    /**
     * Has the next one be no end but a wish to end, which a command hears that must first bring something to its end. The one after it ends the command.
     * @returns takes that back
     */
    asWish(heard: HearWish): () => void {
        this.heard = heard;
        return () => { this.heard = undefined; };
    }

    /** @param name of the signal, such as `SIGINT` */
    take(name: NodeJS.Signals): void {
        const { heard } = this;
        this.heard = undefined;
        if (heard !== undefined && !this.signal.aborted) {
            heard(new Error(`interrupted (${name})`), () => { this.stop.abort(); });
            return;
        }
        this.seen += 1;
        if (this.seen === 2) this.effects.say("cleaning up; this takes a few seconds (once more: leave all as it is)");
        if (this.seen > 2) this.effects.exit();
        this.stop.abort();
    }
}
