import type { ColourGround, FaultGround, RollingGround } from "../../../rehearsal/faults/fault";
import type { FaultRegistry } from "../../../rehearsal/faults/fault-registry";
import type { FaultReleases } from "../../../rehearsal/faults/fault-releases";
import type { FaultStage } from "../../../rehearsal/faults/fault-stage";

/** What is in memory of a ground; what a fault does not ask for may be missing. */
interface Doubles {
    readonly releases: Partial<FaultReleases>;
    readonly registry?: Partial<FaultRegistry>;
}

/** Where a fault of a rolling release happens in memory. */
export function rollingGround({ stage, site, minimumHealthyHosts, ...doubles }: Doubles & Pick<RollingGround, "stage" | "site" | "minimumHealthyHosts">): RollingGround {
    return { ...groundOf(doubles, stage), stage, site, minimumHealthyHosts };
}

/** Where a fault of blue/green happens in memory. */
export function colourGround({ stage, session, ...doubles }: Doubles & Pick<ColourGround, "stage" | "session">): ColourGround {
    return { ...groundOf(doubles, stage), session };
}

/** A number that is missing here does not compile: a bound that hangs on it would be none. No two are equal, so none can be taken for another. */
function groundOf({ releases, registry = {} }: Doubles, stage: FaultStage): FaultGround {
    return {
        stage, releases: releases as FaultReleases, registry: registry as FaultRegistry, signal: new AbortController().signal,
        minSize: 2, ratePerSecond: 10, timeScale: 0.1, slowestSeconds: 3, openSeconds: 0.5, noticeSeconds: 1.5, drainScale: 0.25, drainSeconds: 20,
    };
}
