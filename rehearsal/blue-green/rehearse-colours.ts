import type { Release } from "../../release/bundle";
import { typicalRollWork } from "../../release/rollout";
import type { Run } from "../cleanup/run";
import { measuredWork } from "../measured-work";
import { PlanError, type RehearsalPlan } from "../plan";
import type { ColourFacts } from "../program/colour-facts";
import { RehearsalError } from "../rehearsal-error";
import { makeFirstRelease, makeNextRelease } from "../release/make-releases";
import type { ColoursInput } from "../report/report-input";
import { scaleDrainMs } from "../time-scale";
import { Timeline } from "../timeline";
import { tryRoutes } from "../try-routes";
import type { View } from "../view";
import type { Shifting, Wrap } from "./colour-session";
import { type ColourSite, openColourSite } from "./colour-site";
import { expectColours } from "./expect-colours";
import { performColours, type Play } from "./perform-colours";

/** What else a rehearsal may be, such as one of a fault. */
export interface ColoursPiece {
    /** Between every roll and the site. @default nothing */
    readonly wrap?: Wrap;
    /** @default deploys version 2, goes back and forth again; without a warm time, as in the negative control, it deploys alone */
    readonly play?: Play;
    /** Seconds from an instance's launch until it has booted, on AWS. @default a typical one's */
    readonly bootSeconds?: number;
}

/** What a blue/green rehearsal has come to. */
export interface ColoursRehearsed {
    readonly seen: ColoursInput;
    /** Where the service answers. */
    readonly url: string;
}

/** Lets version 1 serve on blue, then moves the clients to version 2 on green under load, as the stage's own program would have it done on AWS. */
export async function rehearseColours(plan: RehearsalPlan, run: Run, view: View, signal: AbortSignal, piece: ColoursPiece = {}): Promise<ColoursRehearsed> {
    const { options, facts } = plan;
    if (facts.colours === undefined) throw new PlanError(`Stage '${facts.stage}' has one fleet; set strategy to blueGreen, or rehearse it with --strategy blueGreen.`);
    const shifting = shiftingOf(plan, facts.colours);
    const { bootSeconds = typicalRollWork.boot } = piece;
    let curtain = false;
    let drainMs = 0;
    const timeline = new Timeline(event => { if (curtain) view.event(event); });

    view.step("opening Docker, registry and balancer");
    await using site = await openColourSite({ plan, colours: facts.colours, run, timeline, bootSeconds, drainMs: () => drainMs, signal }, view);
    view.step("building versions 1 and 2");
    const first = await makeFirstRelease(facts, site.releases);
    const next = await makeNextRelease(facts, options.release, site.releases);
    for (const release of [first, next]) await site.bundles.put(release);

    view.step(`installing version 1 (${first.version}) on ${plan.instances} instances of blue`);
    await serveFirst(site, first, plan.instances, signal);
    const work = measuredWork(timeline.events, { atOnce: plan.instances });
    const slowestRequestMs = await tryRoutes(site.balancer.url, facts, signal);
    if (options.draining) drainMs = scaleDrainMs(plan.rollout.drainSeconds, options.timeScale, slowestRequestMs);

    view.step(`bringing version 2 (${next.version}) to green, then the clients, under ${options.ratePerSecond} requests per second`);
    curtain = true;
    const seen = await performColours({ plan, site, releases: { first, next }, shifting, slowestRequestMs, play: piece.play, signal, ...(piece.wrap && { wrap: piece.wrap }) }, view);
    return { url: site.balancer.url, seen: { ...seen, ...expectColours(plan, shifting, { ...work, boot: bootSeconds }, drainMs) } };
}

function shiftingOf({ options }: RehearsalPlan, { warmSeconds, ...stage }: ColourFacts): Required<Shifting> {
    // The negative control: whoever served is ended at the flip, before anybody can look and with its requests still open.
    if (!options.draining) return { shiftPercents: [100], bakeSeconds: 0, warmSeconds: 0 };
    return { shiftPercents: options.shiftPercents ?? stage.shiftPercents, bakeSeconds: options.bakeSeconds ?? stage.bakeSeconds, warmSeconds };
}

/** What the first roll of a stage comes to, on blue: it serves, and nothing of it is left under way. */
async function serveFirst(site: ColourSite, release: Release, instances: number, signal: AbortSignal): Promise<void> {
    const { groups: { blue }, balancer, clock, store } = site;
    const until = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
        while (!(await isSo())) await clock.wait(1, signal);
    };
    blue.resize({ min: instances, desired: instances });
    await until(() => blue.settled);
    const { failures: [failure] } = await blue.deploy(release.version).ended;
    signal.throwIfAborted();
    if (failure !== undefined) throw new RehearsalError(`Version 1 does not start: ${failure}`);
    await until(async () => (await balancer.healthy()).blue === instances);
    await store.update({ blue: { version: release.version, image: release.image } });
}
