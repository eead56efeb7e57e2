import type { Clock } from "../../release/clock";
import { Balancer } from "../balancer/balancer";
import type { Run } from "../cleanup/run";
import type { Conditions } from "../codedeploy/deployment";
import { ErrorWatch } from "../codedeploy/error-watch";
import { Interception } from "../codedeploy/interception";
import type { Docker } from "../docker/docker";
import { type Ground, openGround } from "../ground";
import type { RehearsalPlan } from "../plan";
import { ScaledClock } from "../scaled-clock";
import { ScaledHost } from "../scaling/scaled-host";
import type { Timeline } from "../timeline";
import type { View } from "../view";
import { RollingGroup } from "./rolling-group";

/** Everything that stands when the curtain of a rolling rehearsal rises: the ground, a balancer, a group without instances. */
export interface RollingSite extends Pick<Ground, "releases" | "bundles">, AsyncDisposable {
    readonly docker: Docker;
    readonly clock: Clock;
    readonly timeline: Timeline;
    readonly balancer: Balancer;
    readonly group: RollingGroup;
    /** The deployment group's alarm on errors; undefined = it has none. */
    readonly alarm: ErrorWatch | undefined;
    /** For things that go wrong on hosts. */
    readonly interception: Interception;
    /** Start of the name of every container; a host's is `<run>-<host's id>`. */
    readonly run: string;
    /** Ends what the group does by itself; what stands stays. */
    [Symbol.asyncDispose](): Promise<void>;
}

/** What a site is opened with beside the plan. */
export interface RollingSiteArgs {
    readonly plan: RehearsalPlan;
    readonly run: Run;
    readonly timeline: Timeline;
    /** Seconds from an instance's launch until it has booted, on AWS. */
    readonly bootSeconds: () => number;
    /** Real milliseconds for which a leaving target drains. */
    readonly drainMs: () => number;
    /** Whether instances leave the load balancer while they are replaced. */
    readonly trafficControl: () => boolean;
    readonly signal: AbortSignal;
}

export async function openRollingSite({ plan, run, timeline, bootSeconds, drainMs, trafficControl, signal: wish }: RollingSiteArgs, view: View): Promise<RollingSite> {
    const { facts, rollout, waits, largestFleet, options: { timeScale } } = plan;
    const curtain = new AbortController();
    const signal = AbortSignal.any([wish, curtain.signal]);
    const { docker, releases, bundles, ...ground } = await openGround(plan, run, view, wish);
    // Those that drain keep their places until they are gone.
    const targets = Array.from({ length: 2 * largestFleet }, (_, index) => `i-${index + 1}`);
    const balancer = await Balancer.start({ ...ground.balancer, targets }, wish);
    const clock = new ScaledClock(timeScale);
    const interception = new Interception();
    const alarm = facts.errorAlarm && new ErrorWatch({
        alarm: facts.errorAlarm, counted: () => balancer.counted(), clock, timeScale, signal, onTrouble: trouble => { group.troubles.push(trouble); },
    });
    const conditions = (): Omit<Conditions, "instances"> =>
        ({ balancer, timeline, signal, eventGapMs: waits.eventGapMs, drainMs: drainMs(), trafficControl: trafficControl() });
    const group = new RollingGroup({
        name: "i", maxSize: largestFleet, bootSeconds, clock, signal, conditions, alarm,
        minimumHealthyHosts: rollout.minimumHealthyHosts, rollBackOnFailure: facts.rollBackOnFailure, rollBackOnAlarm: facts.rollBackOnAlarm, launchHook: facts.autoscaled,
        terminationHook: facts.terminationHook, updatesOutdated: facts.updatesOutdated, bundleOf: release => bundles.bundleOf(release),
        hostNamed: id => new ScaledHost(id, { ...ground.instance, targets: balancer, drainMs, interception, lostHost: waits.lostHost, signal }),
    });
    return {
        docker, releases, bundles, clock, timeline, balancer, group, alarm, interception, run: run.name,
        async [Symbol.asyncDispose]() {
            curtain.abort();
            await Promise.all([group.idle(), alarm?.[Symbol.asyncDispose]()]);
        },
    };
}
