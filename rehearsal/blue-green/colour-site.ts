import { join } from "node:path";
import type { Colour } from "../../release/blue-green/colour";
import type { Clock } from "../../release/clock";
import { ColourBalancer } from "../balancer/colour-balancer";
import type { Run } from "../cleanup/run";
import type { Docker } from "../docker/docker";
import { type Ground, openGround } from "../ground";
import type { RehearsalPlan } from "../plan";
import type { ColourFacts } from "../program/colour-facts";
import { ScaledClock } from "../scaled-clock";
import type { Timeline } from "../timeline";
import type { View } from "../view";
import { ColourGroup } from "./colour-group";
import { ColourHost } from "./colour-host";
import { ColourStore } from "./colour-store";
import { GroupDeployment } from "./group-deployment";

/** Everything that stands when the curtain of a blue/green rehearsal rises: the ground, a balancer, two groups without instances. */
export interface ColourSite extends Pick<Ground, "releases" | "bundles">, AsyncDisposable {
    readonly docker: Docker;
    readonly clock: Clock;
    readonly timeline: Timeline;
    readonly balancer: ColourBalancer;
    readonly groups: Readonly<Record<Colour, ColourGroup>>;
    readonly store: ColourStore;
    /** The parameter that follows the weights. */
    activeColour: Colour;
    /** By which header a colour is reached. */
    readonly headerSecret: string;
    /** A real route. */
    readonly probePath: string;
    /** Start of the name of every container; a host's is `<run>-<host's id>`. */
    readonly run: string;
    /** Ends what the groups do by themselves, such as the wait for a scheduled end; what stands stays. */
    [Symbol.asyncDispose](): Promise<void>;
}

/** What a site is opened with beside the plan. */
export interface ColourSiteArgs {
    readonly plan: RehearsalPlan;
    readonly colours: ColourFacts;
    readonly run: Run;
    readonly timeline: Timeline;
    /** Real milliseconds for which a leaving target drains. */
    readonly drainMs: () => number;
    readonly signal: AbortSignal;
}

/** Seconds that a small instance of Amazon Linux takes until its boot script has ended. From memory: AWS documents none. */
export const bootSeconds = 40;

export async function openColourSite({ plan, colours: facts, run, timeline, drainMs, signal: wish }: ColourSiteArgs, view: View): Promise<ColourSite> {
    const curtain = new AbortController();
    const signal = AbortSignal.any([wish, curtain.signal]);
    const ground = await openGround(plan, run, view, wish);
    const { maxSize } = plan.rollout;
    // Those that drain keep their places until they are gone.
    const slots = Array.from({ length: 2 * maxSize }, (_, index) => `s-${index + 1}`);
    const { headerSecret } = facts;
    const balancer = await ColourBalancer.start({ ...ground.balancer, routing: { headerSecret, slots: { blue: slots, green: slots } } }, wish);
    const clock = new ScaledClock(plan.options.timeScale);

    const groupOf = (colour: Colour): ColourGroup => {
        const targets = balancer.targets[colour];
        const deploymentGroupName = facts.deploymentGroupNames[colour];
        const instance = { ...ground.instance, deploymentGroupName, deploymentGroupId: `${run.name}-${colour}` };
        return new ColourGroup({
            colour, maxSize, bootSeconds, clock, signal,
            hostNamed: id => new ColourHost(id, { ...instance, targets, drainMs, signal }),
            deployTo: (version, hosts) => new GroupDeployment(version, ground.bundles.bundleOf(version), hosts, {
                balancer: targets, timeline, signal, eventGapMs: plan.waits.eventGapMs,
            }),
        });
    };
    const groups = { blue: groupOf("blue"), green: groupOf("green") };
    return {
        docker: ground.docker, releases: ground.releases, bundles: ground.bundles, clock, timeline, balancer, groups,
        store: new ColourStore(join(run.folder, "colours.json"), { imageOf: version => ground.bundles.imageOf(version), endOf: colour => groups[colour].endsAt }),
        activeColour: "blue", headerSecret, probePath: plan.facts.release.probePath, run: run.name,
        async [Symbol.asyncDispose]() {
            curtain.abort();
            await Promise.all([groups.blue.idle(), groups.green.idle()]);
        },
    };
}
