import type { ColourSession } from "../blue-green/colour-session";
import type { FaultName } from "./fault-names";
import type { FaultReleases } from "./fault-releases";

/** What goes wrong, what we promise, and how it is seen whether that was kept. */
export interface Fault {
    /** What `--fault` calls it. */
    readonly name: FaultName;
    /** What happens on AWS, in a sentence or two. */
    readonly onAws: string;
    /** What we promise, beside that no request is lost and that the stack stands as a roll leaves it. */
    readonly promise: string;
    /** Has it happen while load runs, to a stack that serves a release on one colour, and leaves one that does. */
    happen(ground: FaultGround): Promise<FaultOutcome>;
}

/** Where faults happen, one after the other. */
export interface FaultGround {
    readonly session: ColourSession;
    readonly releases: FaultReleases;
    /** Fewest instances of a colour that serves. */
    readonly minSize: number;
    /** Requests a second. */
    readonly ratePerSecond: number;
    /** Seconds of this rehearsal that the slowest request of the load takes. */
    readonly slowestSeconds: number;
    /** Seconds of this rehearsal after which the driver has seen that targets are dead, at the latest. */
    readonly noticeSeconds: number;
    readonly signal: AbortSignal;
}

/** What came of a fault. */
export interface FaultOutcome {
    /** What was seen, as a sentence's beginning. */
    readonly happened: string;
    /** Promises that were not kept, a sentence each; none = all were. */
    readonly broken: readonly string[];
    /** Requests that may be lost, and why it cannot be fewer. @default none may */
    readonly mayLose?: { readonly requests: number; readonly because: string };
    /** Release that nobody may have been answered by. @default any may answer */
    readonly unseen?: string;
}
