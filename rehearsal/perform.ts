import type { Release } from "../release/bundle";
import type { TargetHealth } from "./balancer/balancer";
import type { Conditions } from "./codedeploy/deployment";
import { roll } from "./codedeploy/roll";
import { eventUnderWay, liveShow } from "./live-show";
import type { RehearsalPlan } from "./plan";
import { milestones, type RollingInput } from "./report/report-input";
import type { Site } from "./site";
import { underLoad } from "./under-load";
import type { View } from "./view";

/** The two releases of a rehearsal. */
export interface Releases {
    readonly first: Release;
    readonly next: Release;
}

/** Rolls the next release over the first, both stored at the site, under load, and returns what clients and fleet saw. */
export async function perform(
    plan: RehearsalPlan, site: Site, { first, next }: Releases, conditions: Conditions, slowestRequestMs: number, view: View,
): Promise<Omit<RollingInput, "forecast">> {
    const { options, facts } = plan;
    const { timeline, signal } = conditions;
    const look = async () => {
        // A balancer that does not answer for a moment is the rollout's business; the picture waits for the next.
        const health = await site.balancer.health().catch(() => new Map<string, TargetHealth>());
        return { instances: [...site.fleet.keys()].map(id => ({ id, state: health.get(id) ?? "", ...eventUnderWay(timeline, id) })) };
    };
    const stand = { plan, url: site.balancer.url, slowestRequestMs, signal, show: liveShow(view, look) };
    const { result: end, records } = await underLoad(stand, async () => {
        timeline.add({ event: milestones.rolloutStarted });
        const end = await roll({
            hosts: [...site.fleet.keys()].map(id => ({ id, healthy: true, revision: "old" })),
            minimumHealthyHosts: plan.rollout.minimumHealthyHosts,
            target: next.version,
            previous: first.version,
            rollBackOnFailure: facts.rollBackOnFailure,
        }, version => site.bundles.bundleOf(version), conditions);
        timeline.add({ event: milestones.rolloutEnded, status: end.outcome });
        return end;
    });
    return {
        stage: facts.stage, strategy: "rolling", timeScale: options.timeScale, ratePerSecond: options.ratePerSecond, seed: options.seed,
        instances: plan.instances, versions: { before: first.version, after: next.version },
        end, budget: options.budget, records, events: timeline.events,
    };
}
