import { setTimeout as sleep } from "node:timers/promises";
import { colours as bothColours } from "../../release/blue-green/colour";
import type { RollState } from "../../release/blue-green/machine";
import type { TargetHealth } from "../balancer/target-group";
import { eventUnderWay, liveShow } from "../live-show";
import type { RehearsalPlan } from "../plan";
import type { Releases } from "../release/make-releases";
import { type ColoursInput, type ColoursPlayed, milestones } from "../report/report-input";
import { underLoad } from "../under-load";
import type { View } from "../view";
import { ColourSession, type Shifting, type Wrap } from "./colour-session";
import type { ColourSite } from "./colour-site";
import { colourEvents, ColoursRecorder } from "./colours-recorder";

/** What is played while the load runs, and how it ended. */
export type Play = (session: ColourSession, releases: Releases) => Promise<ColoursInput["end"]>;

export interface ColourPerformance {
    readonly plan: RehearsalPlan;
    readonly site: ColourSite;
    /** Both stored at the site; the first serves on blue. */
    readonly releases: Releases;
    readonly shifting: Required<Shifting>;
    readonly slowestRequestMs: number;
    /** Between every roll and the site. @default nothing */
    readonly wrap?: Wrap;
    /** @default deploys the next release, goes back and forth again; where nothing is kept warm, it deploys alone */
    readonly play?: Play | undefined;
    readonly signal: AbortSignal;
}

/** Long enough to see who answers between two flips. */
const pauseMs = 1_500;

/** Moves the clients from one colour to the other under load, and returns what they and the colours saw. */
export async function performColours(performance: ColourPerformance, view: View): Promise<ColoursPlayed> {
    const { plan, site, releases, shifting, wrap, play = usualPlay(performance.shifting, view), signal, slowestRequestMs } = performance;
    const { timeline, balancer } = site;
    const recorder = new ColoursRecorder(site);
    const session = new ColourSession({ site, recorder, facts: shifting, minSize: plan.instances, signal, ...(wrap && { wrap }) });
    const before = timeline.events.length;
    await using _watched = await recorder.begin();
    const stand = { plan, url: balancer.url, slowestRequestMs, containers: site.releases, releases, signal, show: liveShow(view, () => lookAt(site)) };
    const { result: end, ...seen } = await underLoad(stand, async () => {
        timeline.add({ event: milestones.rolloutStarted });
        const end = withTroubles(await play(session, releases), site);
        timeline.add({ event: milestones.rolloutEnded, status: end.outcome });
        return end;
    });
    return {
        stage: plan.facts.stage, strategy: "blueGreen", timeScale: plan.options.timeScale, ratePerSecond: plan.options.ratePerSecond,
        seed: plan.options.seed, instances: plan.instances, versions: { before: releases.first.version, after: releases.next.version },
        end, budget: plan.options.budget, ...seen, events: timeline.events.slice(before), colours: recorder.seen,
    };
}

/** What can be played: without a warm colour there is no way back. */
export function usualPlay({ warmSeconds }: Required<Shifting>, view: Pick<View, "step">): Play {
    if (warmSeconds > 0) return deployAndFlip;
    view.step("nothing is kept warm after the flip, so the way back is not played");
    return deployAlone;
}

/** Deploys the next release; then, if it serves, goes back to the colour that is warm in a hurry, and forth again with its bake. */
const deployAndFlip: Play = async (session, releases) => {
    const deployed = await deployAlone(session, releases);
    if (deployed.outcome !== "succeeded") return deployed;
    for (const urgent of [true, false]) {
        await sleep(pauseMs, undefined, { signal: session.signal });
        const flipped = endOf(await session.flip({ urgent }));
        if (flipped.outcome !== "succeeded") return { outcome: "failed", reason: `the way back did not work: ${flipped.reason}` };
    }
    return deployed;
};

/** Deploys the next release, no more. */
const deployAlone: Play = async (session, { next }) => endOf(await session.deploy(next.version));

/** How a roll's end reads in a report: one that went back, by a failure or by a person's wish, has rolled back. */
export function endOf(state: RollState): ColoursInput["end"] {
    if (state.phase !== "ended") return { outcome: "failed", reason: `the way ${state.phase} is blocked: ${state.phase === "back" ? state.problem ?? "" : ""}` };
    const { outcome, reason = "", left } = state;
    if (left.length > 0) return { outcome: "failed", reason: `it serves, but could not be tidied up: ${left.join("; ")}` };
    return { outcome: outcome === "succeeded" ? "succeeded" : "rolledBack", reason };
}

/** What this machine could not do speaks against the whole rehearsal. */
function withTroubles(end: ColoursInput["end"], { groups }: ColourSite): ColoursInput["end"] {
    const [trouble] = bothColours.flatMap(colour => groups[colour].troubles);
    return trouble === undefined ? end : { outcome: "failed", reason: trouble };
}

async function lookAt({ balancer, groups, timeline }: ColourSite) {
    const weights = balancer.shifts.at(-1)?.weights ?? { blue: 100, green: 0 };
    const instances = await Promise.all(bothColours.map(async colour => {
        // A balancer that does not answer for a moment is the rehearsal's business; the picture waits for the next.
        const health = await balancer.targets[colour].health().catch(() => new Map<string, TargetHealth>());
        return groups[colour].members.map(({ host: { id }, state }) => ({
            id, colour, state: state === "inService" ? health.get(id) ?? "" : state, ...eventUnderWay(timeline, id),
        }));
    }));
    return { instances: instances.flat(), colours: { weights, ...stepUnderWay(timeline) } };
}

function stepUnderWay({ events }: ColourSite["timeline"]): { readonly step?: string } {
    const last = events.findLast(({ event }) => event === colourEvents.step);
    return last?.status === "started" && last.detail !== undefined ? { step: last.detail } : {};
}
