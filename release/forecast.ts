import { ReleaseError } from "./error";
import { eventsWithoutLoadBalancer, lifecycleEvents } from "./lifecycle";
import { minimumHealthy, waves } from "./minimum-healthy-hosts";
import {
    deploymentOverheadSeconds,
    eventGapSeconds,
    type RolloutPlan,
    servicePollSeconds,
    typicalWork,
    type WorkSeconds,
} from "./rollout";

/** Where the time of one wave goes; `gaps` are those between the 13 events, the others are told by their names. */
export type Phase = "gaps" | "drain" | "stop" | "download" | "pull" | "install" | "run" | "validate" | "healthy";

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
    /** Seconds that no rollout of this plan can beat on any machine: the drain and the gaps between events, in each wave. */
    readonly lowerBoundSeconds: number;
}

/**
 * Forecasts a rollout over `minSize` instances.
 * @param scale Factor on what the service waits for: drain, health checks, polls, gaps between events. Work is never scaled.
 * @param trafficControl Whether instances leave the load balancer meanwhile; if not, there are seven events and no drain.
 */
export function forecast(plan: RolloutPlan, scale = 1, work: WorkSeconds = typicalWork, trafficControl = true): Forecast {
    const sizes = waves(plan.minSize, plan.minimumHealthyHosts);
    const largest = sizes[0];
    if (largest === undefined) throw new ReleaseError(impossible(plan));

    const secondsPerPhase = phases(plan, scale, work, trafficControl);
    const waveSeconds = Object.values(secondsPerPhase).reduce((total, seconds) => total + seconds, 0);
    const rolloutSeconds = sizes.length * waveSeconds + scale * deploymentOverheadSeconds;
    return {
        waves: sizes,
        secondsPerPhase,
        waveSeconds,
        rolloutSeconds,
        capacityFloor: (plan.minSize - largest) / plan.minSize,
        // A rollback is a deployment like any other, over all instances.
        rollbackSeconds: work.noticeFailure + rolloutSeconds,
        lowerBoundSeconds: sizes.length * (secondsPerPhase.gaps + (trafficControl ? scale * plan.drainSeconds : 0)),
    };
}

/** Waves over the fleet at the size that has the most: one at a time that is the largest, by a percentage it may be an odd one. */
export function mostWaves({ minSize, maxSize, minimumHealthyHosts, zones = 1 }: RolloutPlan): number {
    const [least, most] = [Math.max(1, Math.floor(minSize / zones)), Math.ceil(Math.max(minSize, maxSize) / zones)];
    const sizes = Array.from({ length: most - least + 1 }, (_, more) => least + more);
    return zones * Math.max(...sizes.map(size => waves(size, minimumHealthyHosts).length));
}

function phases(plan: RolloutPlan, scale: number, work: WorkSeconds, trafficControl: boolean): Record<Phase, number> {
    const { healthyThreshold, intervalSeconds } = plan.healthCheck;
    return {
        gaps: scale * (trafficControl ? lifecycleEvents : eventsWithoutLoadBalancer).length * eventGapSeconds,
        drain: trafficControl ? scale * (plan.drainSeconds + servicePollSeconds) : 0,
        stop: work.stop,
        download: work.download,
        pull: work.pull,
        install: work.install,
        run: work.run,
        validate: work.validate,
        // AWS support's estimate for AllowTraffic, though a newly registered target needs one passed check only:
        // https://repost.aws/knowledge-center/codedeploy-elb-deployments
        healthy: trafficControl ? scale * (healthyThreshold + 1) * intervalSeconds : 0,
    };
}

function impossible({ minSize, minimumHealthyHosts }: RolloutPlan): string {
    const minimum = minimumHealthy(minSize, minimumHealthyHosts);
    return `minSize ${minSize} cannot roll: ${minimum} must stay healthy, so no instance may be taken out`;
}
