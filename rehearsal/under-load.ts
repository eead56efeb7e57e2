import { setTimeout as sleep } from "node:timers/promises";
import { Load } from "./load/load";
import type { RequestRecord } from "./load/request-record";
import type { RehearsalPlan } from "./plan";
import type { ReleaseSite, Releases } from "./release/make-releases";
import { StopRecorder } from "./stops/stop-recorder";
import type { StopSeen } from "./stops/stop-seen";

export interface Stand {
    readonly plan: RehearsalPlan;
    /** Where clients come in. */
    readonly url: string;
    readonly slowestRequestMs: number;
    /** Where the containers of the service are, and the releases that they run. */
    readonly containers: Pick<ReleaseSite, "docker" | "run">;
    readonly releases: Releases;
    readonly signal: AbortSignal;
    /** Shows the state of things until it is disposed of. @default nobody looks */
    readonly show?: ((load: Load) => AsyncDisposable) | undefined;
}

// Long enough to see what is normal before the rollout, and that it is so again after it.
const quietMs = 4_000;
/** Of the load's requests, where the service has a slow path. */
export const slowShare = 0.1;
const newConnectionShare = 0.05;
const shortestTimeoutMs = 10_000;

/** What clients and containers saw of a piece, beside what it came to. */
export interface Seen<T> {
    readonly result: T;
    readonly records: readonly RequestRecord[];
    readonly stops: readonly StopSeen[];
}

/** Plays a piece under load, with a while of nothing but load before it and after it. */
export async function underLoad<T>(stand: Stand, play: () => Promise<T>): Promise<Seen<T>> {
    const { plan: { options, facts }, url, slowestRequestMs, containers: { docker, run }, releases: { first, next }, signal, show } = stand;
    await using stops = StopRecorder.start({ docker, run, releases: [first, next] });
    await using load = await Load.start({
        url,
        ratePerSecond: options.ratePerSecond,
        paths: { fast: facts.release.probePath, ...(facts.slowPath ? { slow: facts.slowPath } : {}) },
        slowShare, newConnectionShare,
        seed: options.seed,
        timeoutMs: Math.max(shortestTimeoutMs, 2 * slowestRequestMs),
    });
    await using _shown = show?.(load);
    await sleep(quietMs, undefined, { signal });
    const result = await play();
    await sleep(quietMs, undefined, { signal });
    return { result, records: await load.stop(), stops: stops.seen };
}
