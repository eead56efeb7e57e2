import type { TargetHealth } from "../balancer/balancer";
import type { RollingEnd } from "../codedeploy/roll";
import { eventUnderWay, liveShow } from "../live-show";
import type { RehearsalPlan } from "../plan";
import type { Releases } from "../release/make-releases";
import { milestones, type RollingInput, type RollingSeen } from "../report/report-input";
import { underLoad } from "../under-load";
import type { View } from "../view";
import type { RollingSite } from "./rolling-site";

/** What is played while the load runs, and how it ended. */
export type Play = (site: RollingSite, releases: Releases) => Promise<Pick<RollingEnd, "outcome" | "reason">>;

export interface RollingPerformance {
    readonly plan: RehearsalPlan;
    readonly site: RollingSite;
    /** Both stored at the site; the first serves. */
    readonly releases: Releases;
    readonly slowestRequestMs: number;
    /** @default rolls the next release over the first */
    readonly play?: Play | undefined;
    readonly signal: AbortSignal;
}

/** Plays a piece on a fleet under load, and returns what clients and fleet saw. */
export async function performRolling(
    { plan, site, releases, slowestRequestMs, play = deployNext, signal }: RollingPerformance, view: View,
): Promise<RollingSeen> {
    const { options, facts } = plan;
    const { timeline, balancer, group } = site;
    const before = timeline.events.length;
    const stand = { plan, url: balancer.url, slowestRequestMs, containers: site.releases, releases, signal, show: liveShow(view, () => lookAt(site)) };
    const { result: end, ...seen } = await underLoad(stand, async () => {
        timeline.add({ event: milestones.rolloutStarted });
        const end = withTroubles(await play(site, releases), group.troubles);
        timeline.add({ event: milestones.rolloutEnded, status: end.outcome });
        return end;
    });
    return {
        stage: facts.stage, strategy: "rolling", timeScale: options.timeScale, ratePerSecond: options.ratePerSecond, seed: options.seed,
        instances: plan.instances, versions: { before: releases.first.version, after: releases.next.version },
        end, budget: options.budget, ...seen, events: timeline.events.slice(before),
    };
}

const deployNext: Play = ({ group }, { next }) => group.deploy(next.version).ended;

/** What this machine could not do speaks against the whole rehearsal. */
function withTroubles(end: RollingInput["end"], [trouble]: readonly string[]): RollingInput["end"] {
    return trouble === undefined ? end : { outcome: "failed", reason: trouble };
}

async function lookAt({ balancer, group, timeline }: RollingSite) {
    // A balancer that does not answer for a moment is the rollout's business; the picture waits for the next.
    const health = await balancer.health().catch(() => new Map<string, TargetHealth>());
    return {
        instances: group.members.map(({ host: { id }, state }) => ({
            id, state: state === "inService" ? health.get(id) ?? "" : state, ...eventUnderWay(timeline, id),
        })),
    };
}
