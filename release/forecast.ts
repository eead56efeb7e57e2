import { ReleaseError } from "./error";
import { eventsWithoutLoadBalancer, type LifecycleEvent, lifecycleEvents } from "./lifecycle";
import { minimumHealthy, waves } from "./minimum-healthy-hosts";
import {
    deploymentOverheadSeconds,
    eventGapSeconds,
    type RolloutPlan,
    servicePollSeconds,
    typicalWork,
    type WorkSeconds,
} from "./rollout";

/**
 * Where the time of one wave goes: into the events, and into the `gaps` before each of them. `start` holds the stop of the old
 * container as well: one event does both (docs/decisions/0003), and nobody outside it sees where one ends and the other begins.
 */
export type Phase = "pull" | "drain" | "download" | "install" | "start" | "validate" | "healthy" | "gaps";

/** The phase that an event's seconds count to. */
export const phaseOfEvent: Readonly<Record<LifecycleEvent, Exclude<Phase, "gaps">>> = {
    BeforeBlockTraffic: "pull",
    BlockTraffic: "drain",
    AfterBlockTraffic: "drain",
    ApplicationStop: "start",
    DownloadBundle: "download",
    BeforeInstall: "pull",
    Install: "install",
    AfterInstall: "install",
    ApplicationStart: "start",
    ValidateService: "validate",
    BeforeAllowTraffic: "validate",
    AllowTraffic: "healthy",
    AfterAllowTraffic: "healthy",
};

/** What whoever carries out a deployment adds to what the settings say, before it is scaled. */
export interface ServiceHabits {
    /** Seconds until it notices that the delay of a draining instance is over. */
    readonly pollSeconds: number;
    /** Seconds that a deployment takes besides its waves. */
    readonly overheadSeconds: number;
    /** Intervals of the health check that a new target waits for, of which one alone has to pass; the threshold counts after a failed one. */
    readonly checks: (healthyThreshold: number) => number;
    /** As few as they may be. */
    readonly fewestChecks: number;
}

/** CodeDeploy with an ALB. */
export const awsHabits: ServiceHabits = {
    pollSeconds: servicePollSeconds,
    overheadSeconds: deploymentOverheadSeconds,
    // AWS support's estimate for AllowTraffic: https://repost.aws/knowledge-center/codedeploy-elb-deployments
    checks: healthyThreshold => healthyThreshold + 1,
    // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
    fewestChecks: 1,
};

/** What the time of a rollout depends on beside its plan. */
export interface Circumstances {
    /** Factor on what the service waits for: drain, health checks, polls, gaps between events. Work is never scaled. @default 1 */
    readonly scale?: number;
    /** @default that of a small instance */
    readonly work?: WorkSeconds;
    /** Whether instances leave the load balancer meanwhile; if not, there are seven events and no drain. @default true */
    readonly trafficControl?: boolean;
    /** @default those of AWS */
    readonly habits?: ServiceHabits;
}

/** How long a rolling release takes and what it costs meanwhile. A model: AWS documents neither its polls nor its waves. */
export interface Forecast {
    /** Instances that each wave takes out. */
    readonly waves: readonly number[];
    /** Seconds of one wave by phase; they add up to `waveSeconds`. */
    readonly secondsPerPhase: Readonly<Record<Phase, number>>;
    readonly waveSeconds: number;
    /** Seconds from the start of the deployment to its end, when nothing fails. */
    readonly rolloutSeconds: number;
    /** Share of the instances that serve at any time, 0 to 1. */
    readonly capacityFloor: number;
    /** Seconds from the start of a bad release on the first wave until all instances run the previous one again. */
    readonly rollbackSeconds: number;
    /** Seconds that no rollout of this plan with such work can beat: in each wave the drain, the gaps, a stop, a start, and as few health checks as may be. */
    readonly lowerBoundSeconds: number;
}

/** Forecasts a rollout over `minSize` instances; throws a ReleaseError for a fleet that cannot roll. */
export function forecast(plan: RolloutPlan, circumstances: Circumstances = {}): Forecast {
    const { scale = 1, work = typicalWork, habits = awsHabits } = circumstances;
    const sizes = waves(plan.minSize, plan.minimumHealthyHosts);
    const largest = sizes[0];
    if (largest === undefined) throw new ReleaseError(impossible(plan));

    const secondsPerPhase = phases(plan, { ...circumstances, scale, work, habits });
    const waveSeconds = Object.values(secondsPerPhase).reduce((total, seconds) => total + seconds, 0);
    const rolloutSeconds = sizes.length * waveSeconds + scale * habits.overheadSeconds;
    const unbeatable = phases(plan, { ...circumstances, scale, work, habits: { ...habits, pollSeconds: 0, checks: () => habits.fewestChecks } });
    return {
        waves: sizes,
        secondsPerPhase,
        waveSeconds,
        rolloutSeconds,
        capacityFloor: (plan.minSize - largest) / plan.minSize,
        // A rollback is a deployment like any other, over all instances.
        rollbackSeconds: work.noticeFailure + rolloutSeconds,
        lowerBoundSeconds: sizes.length * (unbeatable.drain + unbeatable.gaps + unbeatable.start + unbeatable.healthy),
    };
}

/** Waves over the fleet at the size that has the most: one at a time that is the largest, by a percentage it may be an odd one. */
export function mostWaves({ minSize, maxSize, minimumHealthyHosts, zones = 1 }: RolloutPlan): number {
    const [least, most] = [Math.max(1, Math.floor(minSize / zones)), Math.ceil(Math.max(minSize, maxSize) / zones)];
    const sizes = Array.from({ length: most - least + 1 }, (_, more) => least + more);
    return zones * Math.max(...sizes.map(size => waves(size, minimumHealthyHosts).length));
}

function phases(plan: RolloutPlan, { scale, work, habits, trafficControl = true }: Circumstances & Required<Pick<Circumstances, "scale" | "work" | "habits">>): Record<Phase, number> {
    const { healthyThreshold, intervalSeconds } = plan.healthCheck;
    return {
        pull: work.pull,
        drain: trafficControl ? scale * (plan.drainSeconds + habits.pollSeconds) : 0,
        download: work.download,
        install: work.install,
        start: work.stop + work.run,
        validate: work.validate,
        healthy: trafficControl ? scale * habits.checks(healthyThreshold) * intervalSeconds : 0,
        gaps: scale * (trafficControl ? lifecycleEvents : eventsWithoutLoadBalancer).length * eventGapSeconds,
    };
}

function impossible({ minSize, minimumHealthyHosts }: RolloutPlan): string {
    const minimum = minimumHealthy(minSize, minimumHealthyHosts);
    return `minSize ${minSize} cannot roll: ${minimum} must stay healthy, so no instance may be taken out`;
}
