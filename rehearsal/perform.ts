import { setTimeout as sleep } from "node:timers/promises";
import type { Release } from "../release/bundle";
import type { TargetHealth } from "./balancer/balancer";
import type { Conditions } from "./codedeploy/deployment";
import { roll } from "./codedeploy/roll";
import { now } from "./load/clock";
import { Load } from "./load/load";
import type { RehearsalPlan } from "./plan";
import { renderLive } from "./report/live";
import { milestones, type RollingInput } from "./report/report-input";
import type { Site } from "./site";
import type { Timeline } from "./timeline";
import type { View } from "./view";

/** The two releases of a rehearsal. */
export interface Releases {
    readonly first: Release;
    readonly next: Release;
}

// Long enough to see what is normal before the rollout, and that it is so again after it.
const quietMs = 4_000;
const livePeriodMs = 250;
const slowShare = 0.1;
const newConnectionShare = 0.05;
const shortestTimeoutMs = 10_000;

/** Rolls the next release over the first, both stored at the site, under load, and returns what clients and fleet saw. */
export async function perform(
    plan: RehearsalPlan, site: Site, { first, next }: Releases, conditions: Conditions, slowestRequestMs: number, view: View,
): Promise<Omit<RollingInput, "forecast">> {
    const { options, facts } = plan;
    const { timeline, signal } = conditions;
    await using load = await Load.start({
        url: site.balancer.url,
        ratePerSecond: options.ratePerSecond,
        paths: { fast: facts.release.probePath, ...(facts.slowPath ? { slow: facts.slowPath } : {}) },
        slowShare, newConnectionShare,
        seed: options.seed,
        timeoutMs: Math.max(shortestTimeoutMs, 2 * slowestRequestMs),
    });
    await using _live = view.live && showLive(load, site, timeline, view.live);

    await sleep(quietMs, undefined, { signal });
    timeline.add({ event: milestones.rolloutStarted });
    const end = await roll({
        hosts: [...site.fleet.keys()].map(id => ({ id, healthy: true, revision: "old" })),
        minimumHealthyHosts: plan.rollout.minimumHealthyHosts,
        target: next.version,
        previous: first.version,
        rollBackOnFailure: facts.rollBackOnFailure,
    }, version => site.bundles.bundleOf(version), conditions);
    timeline.add({ event: milestones.rolloutEnded, status: end.outcome });
    await sleep(quietMs, undefined, { signal });

    return {
        stage: facts.stage, strategy: "rolling", timeScale: options.timeScale, ratePerSecond: options.ratePerSecond, seed: options.seed,
        instances: plan.instances, versions: { before: first.version, after: next.version },
        end, budget: options.budget,
        records: await load.stop(), events: timeline.events,
    };
}

/** Shows load and fleet until it is disposed of. */
function showLive(load: Load, site: Site, timeline: Timeline, show: NonNullable<View["live"]>): AsyncDisposable {
    const stop = new AbortController();
    const shown = (async () => {
        while (!stop.signal.aborted) {
            // A balancer that does not answer for a moment is the rollout's business; the picture waits for the next.
            const health = await site.balancer.health().catch(() => new Map<string, TargetHealth>());
            show(renderLive({
                nowMs: now(),
                records: load.records,
                instances: [...site.fleet.keys()].map(id => ({ id, state: health.get(id) ?? "", ...underWay(timeline, id) })),
            }));
            await sleep(livePeriodMs, undefined, { signal: stop.signal }).catch(() => undefined);
        }
    })();
    return {
        async [Symbol.asyncDispose]() {
            stop.abort();
            await shown;
            show([]);
        },
    };
}

function underWay(timeline: Timeline, id: string): { readonly event?: string } {
    const last = timeline.events.findLast(({ instance }) => instance === id);
    return last?.status === "started" ? { event: last.event } : {};
}
