import { join } from "node:path";
import type { Colour } from "../../release/blue-green/colour";
import type { Clock } from "../../release/clock";
import { ColourBalancer } from "../balancer/colour-balancer";
import type { Run } from "../cleanup/run";
import { Interception } from "../codedeploy/interception";
import type { Docker } from "../docker/docker";
import { type Ground, openGround } from "../ground";
import type { RehearsalPlan } from "../plan";
import type { ColourFacts } from "../program/colour-facts";
import { deadlineScale, ScaledClock } from "../scaled-clock";
import { ScaledHost } from "../scaling/scaled-host";
import type { Timeline } from "../timeline";
import type { View } from "../view";
import { ColourGroup } from "./colour-group";
import { ColourStore } from "./colour-store";
import { GroupDeployment } from "./group-deployment";

/** Everything that stands when the curtain of a blue/green rehearsal rises: the ground, a balancer, two groups without instances. */
export interface ColourSite extends Pick<Ground, "releases" | "bundles">, AsyncDisposable {
    readonly docker: Docker;
    readonly clock: Clock;
    /** Of whoever drives: it waits as `clock` does, and has deadlines that leave work its time. */
    readonly driverClock: Clock;
    readonly timeline: Timeline;
    readonly balancer: ColourBalancer;
    readonly groups: Readonly<Record<Colour, ColourGroup>>;
    readonly store: ColourStore;
    /** For things that go wrong on hosts. */
    readonly interception: Interception;
    /** The parameter that follows the weights. */
    activeColour: Colour;
    /** By which header a colour is reached. */
    readonly headerSecret: string;
    /** A real route. */
    readonly probePath: string;
    /** The stage's alarm: percent of the requests that may be errors, and how many must have come before that says something. */
    readonly errorAlarm: { readonly percent: number; readonly fewestRequests: number };
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
    /** Seconds from an instance's launch until it has booted, on AWS. */
    readonly bootSeconds: number;
    /** Real milliseconds for which a leaving target drains. */
    readonly drainMs: () => number;
    readonly signal: AbortSignal;
}

export async function openColourSite({ plan, colours: facts, run, timeline, bootSeconds, drainMs, signal: wish }: ColourSiteArgs, view: View): Promise<ColourSite> {
    const curtain = new AbortController();
    const signal = AbortSignal.any([wish, curtain.signal]);
    const ground = await openGround(plan, run, view, wish);
    const { maxSize } = plan.rollout;
    // Those that drain keep their places until they are gone.
    const slots = Array.from({ length: 2 * maxSize }, (_, index) => `s-${index + 1}`);
    const { headerSecret, errorAlarm: { percent, minimumRequests } } = facts;
    const balancer = await ColourBalancer.start({ ...ground.balancer, routing: { headerSecret, slots: { blue: slots, green: slots } } }, wish);
    const { timeScale } = plan.options;
    const clock = new ScaledClock(timeScale);
    const interception = new Interception();

    const groupOf = (colour: Colour): ColourGroup => {
        const targets = balancer.targets[colour];
        const deploymentGroupName = facts.deploymentGroupNames[colour];
        const instance = { ...ground.instance, deploymentGroupName, deploymentGroupId: `${run.name}-${colour}` };
        return new ColourGroup({
            colour, maxSize, bootSeconds: () => bootSeconds, clock, signal,
            hostNamed: id => new ScaledHost(id, { ...instance, targets, drainMs, interception, lostHost: plan.waits.lostHost, signal }),
            deployTo: (version, hosts, kind) => new GroupDeployment(version, ground.bundles.bundleOf(version), hosts, {
                balancer: targets, timeline, signal, eventGapMs: plan.waits.eventGapMs, drainMs: drainMs(),
            }, kind),
        });
    };
    const groups = { blue: groupOf("blue"), green: groupOf("green") };
    return {
        docker: ground.docker, releases: ground.releases, bundles: ground.bundles, clock, driverClock: new ScaledClock(timeScale, deadlineScale(timeScale)), timeline, balancer, groups, interception,
        store: new ColourStore(join(run.folder, "colours.json"), { imageOf: version => ground.bundles.imageOf(version), endOf: colour => groups[colour].endsAt }),
        activeColour: "blue", headerSecret, probePath: plan.facts.release.probePath, run: run.name,
        // A minute of this rehearsal is as much shorter, and has as many requests less.
        errorAlarm: { percent, fewestRequests: Math.ceil(minimumRequests * timeScale) },
        async [Symbol.asyncDispose]() {
            curtain.abort();
            await Promise.all([groups.blue.idle(), groups.green.idle()]);
        },
    };
}
