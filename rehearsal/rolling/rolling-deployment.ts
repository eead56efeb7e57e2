import type { RollingEnd } from "../codedeploy/roll";

/** A deployment to the group, the rollback after it included. It goes on whoever watches. */
export class RollingDeployment {
    readonly #stop = new AbortController();
    #end: RollingEnd | undefined;
    readonly ended: Promise<RollingEnd>;

    constructor(readonly version: string, roll: (stop: AbortSignal) => Promise<RollingEnd>) {
        this.ended = roll(this.#stop.signal).then(end => (this.#end = end));
        // Its group hears of a trouble; who began it may have gone.
        this.ended.catch(() => undefined);
    }

    /** How it ended; undefined while it goes on. */
    get end(): RollingEnd | undefined {
        return this.#end;
    }

    /** Lets the wave under way finish, begins no other, and has the previous release brought back. */
    stop(reason: string): void {
        this.#stop.abort(new Error(reason));
    }
}
