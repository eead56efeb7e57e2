import { typicalRollWork } from "../../release/rollout";
import type { Release } from "../../release/bundle";
import { waves } from "../../release/minimum-healthy-hosts";
import type { Run } from "../cleanup/run";
import { expectRolling } from "../expectation";
import { measuredWork } from "../measured-work";
import type { RehearsalPlan } from "../plan";
import { RehearsalError } from "../rehearsal-error";
import { makeFirstRelease, makeNextRelease } from "../release/make-releases";
import type { RollingInput } from "../report/report-input";
import { scaleDrainMs } from "../time-scale";
import { Timeline } from "../timeline";
import { tryRoutes } from "../try-routes";
import type { View } from "../view";
import { performRolling, type Play } from "./perform-rolling";
import { openRollingSite, type RollingSite } from "./rolling-site";

/** What else a rehearsal may be, such as one of faults. */
export interface RollingPiece {
    /** @default rolls version 2 over version 1 */
    readonly play?: Play;
    /** Seconds from the launch of an instance, during the play, until it has booted, on AWS. @default a typical one's */
    readonly bootSeconds?: number;
}

/** What a rolling rehearsal has come to. */
export interface RollingRehearsed {
    readonly seen: RollingInput;
    /** Where the service answers. */
    readonly url: string;
}

/** Lets version 1 serve on a fleet, then brings version 2 in its place under load, as the stage's own program would have AWS do it. */
export async function rehearseRolling(plan: RehearsalPlan, run: Run, view: View, signal: AbortSignal, piece: RollingPiece = {}): Promise<RollingRehearsed> {
    const { options, facts, rollout } = plan;
    let curtain = false;
    let drainMs = 0;
    const timeline = new Timeline(event => { if (curtain) view.event(event); });
    const trafficControl = facts.withTrafficControl && options.draining;

    view.step("opening Docker, registry and balancer");
    await using site = await openRollingSite({
        plan, run, timeline, signal, drainMs: () => drainMs,
        // The fleet was there long before: nobody wants to see it boot, and it enters its target group whole.
        bootSeconds: () => (curtain ? piece.bootSeconds ?? typicalRollWork.boot : 0),
        trafficControl: () => (curtain ? trafficControl : true),
    }, view);
    view.step("building versions 1 and 2");
    const first = await makeFirstRelease(facts, site.releases);
    const next = await makeNextRelease(facts, options.release, site.releases);
    for (const release of [first, next]) await site.bundles.put(release);

    view.step(`installing version 1 (${first.version}) on ${plan.instances} instances`);
    await serveFirst(site, first, plan.instances);
    const work = measuredWork(timeline.events, { atOnce: Math.max(...waves(plan.instances, rollout.minimumHealthyHosts)) });
    const slowestRequestMs = await tryRoutes(site.balancer.url, facts, signal);
    drainMs = scaleDrainMs(rollout.drainSeconds, options.timeScale, slowestRequestMs);

    view.step(`rolling out version 2 (${next.version}) under ${options.ratePerSecond} requests per second`);
    curtain = true;
    const seen = await performRolling({ plan, site, releases: { first, next }, slowestRequestMs, play: piece.play, signal }, view);
    return { url: site.balancer.url, seen: { ...seen, ...expectRolling(plan, work, { drainMs, trafficControl }) } };
}

/** The first release of a stage, onto hosts that have none. */
async function serveFirst({ group }: RollingSite, { version }: Release, instances: number): Promise<void> {
    group.resize({ min: instances, desired: instances });
    await group.idle();
    const { outcome, reason } = await group.deploy(version).ended;
    await group.idle();
    if (outcome !== "succeeded") throw new RehearsalError(`Version 1 does not start: ${reason}`);
}
