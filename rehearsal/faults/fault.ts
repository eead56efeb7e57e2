import type { MinimumHealthyHosts } from "../../release/minimum-healthy-hosts";
import type { ColourSession } from "../blue-green/colour-session";
import type { RollingSite } from "../rolling/rolling-site";
import type { FaultName } from "./fault-names";
import type { FaultRegistry } from "./fault-registry";
import type { FaultReleases } from "./fault-releases";
import type { FaultStage } from "./fault-stage";
import type { RollingStage } from "./rolling-stage";

/** What goes wrong, what we promise, and how it is seen whether that was kept. */
export interface Fault<Ground extends FaultGround = FaultGround> {
    /** What `--fault` calls it. */
    readonly name: FaultName;
    /** What happens on AWS, in a sentence or two. */
    readonly onAws: string;
    /** What we promise, beside that no request is lost and that the stack stands as a deployment leaves it. */
    readonly promise: string;
    /** Has it happen while load runs, to a stack that serves a release, and leaves one that does. */
    readonly happen: (ground: Ground) => Promise<FaultOutcome>;
}

/** Where faults happen, one after the other, whatever the strategy. */
export interface FaultGround {
    readonly stage: FaultStage;
    readonly releases: FaultReleases;
    readonly registry: FaultRegistry;
    /** Fewest instances that serve. */
    readonly minSize: number;
    /** Requests a second. */
    readonly ratePerSecond: number;
    /** Factor on what the service waits for. */
    readonly timeScale: number;
    /** Seconds of this rehearsal that the slowest request of the load takes. */
    readonly slowestSeconds: number;
    /** Seconds of this rehearsal that a request of the load takes on the average, slow and fast ones taken together. */
    readonly openSeconds: number;
    /** Seconds of this rehearsal after which checks have seen that targets are dead, at the latest. */
    readonly noticeSeconds: number;
    /** Real seconds of this rehearsal for each second of the time that a leaving target drains on AWS. */
    readonly drainScale: number;
    /** Seconds for which a leaving target drains on AWS. */
    readonly drainSeconds: number;
    readonly signal: AbortSignal;
}

/** Where faults of a rolling release happen. */
export interface RollingGround extends FaultGround {
    readonly stage: RollingStage;
    readonly site: RollingSite;
    /** The deployment group's. */
    readonly minimumHealthyHosts: MinimumHealthyHosts;
}

/** Where faults of blue/green happen. */
export interface ColourGround extends FaultGround {
    readonly session: ColourSession;
}

/** What came of a fault. */
export interface FaultOutcome {
    /** What was seen, as a sentence's beginning. */
    readonly happened: string;
    /** Promises that were not kept, a sentence each; none = all were. */
    readonly broken: readonly string[];
    /** Requests that may be lost, and why it cannot be fewer. @default none may */
    readonly mayLose?: { readonly requests: number; readonly because: string };
    /** A release that nobody must have seen. @default any may be seen */
    readonly unseen?: string;
}
