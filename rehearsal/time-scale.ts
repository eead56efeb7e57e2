import { eventGapSeconds, type HealthCheck } from "../release/rollout";
import type { LostHostWaits } from "./scaling/scaled-host";

/** What the service waits for, in real milliseconds of this rehearsal. */
export interface ScaledWaits {
    readonly healthIntervalMs: number;
    readonly healthTimeoutMs: number;
    /** Between two lifecycle events of an instance. */
    readonly eventGapMs: number;
    /** How long AllowTraffic waits for a healthy target. */
    readonly allowTrafficMs: number;
    /** How long CodeDeploy waits for a host that does not answer any more. */
    readonly lostHost: LostHostWaits;
}

// AllowTraffic gives up after an hour:
// https://docs.aws.amazon.com/codedeploy/latest/userguide/integrations-aws-elastic-load-balancing.html
const allowTrafficSeconds = 3600;
// An event has an hour, and five minutes to begin:
// https://docs.aws.amazon.com/codedeploy/latest/userguide/troubleshooting-ec2-instances.html
const eventSeconds = 3600;
const eventBeginsSeconds = 300;
const drainMarginMs = 500;

/**
 * Shortens the waits of a rollout, and only those: what a machine works at takes as long as it takes, so a health check
 * may use almost its whole shortened interval.
 * @param timeScale 1 = as on AWS, 0.1 = ten times as fast
 */
export function scaleWaits({ intervalSeconds, timeoutSeconds }: HealthCheck, timeScale: number): ScaledWaits {
    const healthIntervalMs = scaled(intervalSeconds, timeScale);
    return {
        healthIntervalMs,
        healthTimeoutMs: Math.min(timeoutSeconds * 1000, Math.round(healthIntervalMs * 0.9)),
        eventGapMs: scaled(eventGapSeconds, timeScale),
        allowTrafficMs: scaled(allowTrafficSeconds, timeScale),
        lostHost: { betweenEventsMs: scaled(eventBeginsSeconds, timeScale), inEventMs: scaled(eventSeconds, timeScale) },
    };
}

/**
 * How long a leaving target drains. A shortened drain still outlives the slowest request that the load sends, as the
 * linter demands of the real one.
 */
export function scaleDrainMs(drainSeconds: number, timeScale: number, slowestRequestMs: number): number {
    const drainMs = scaled(drainSeconds, timeScale);
    return timeScale === 1 || drainSeconds === 0 ? drainMs : Math.max(drainMs, slowestRequestMs + drainMarginMs);
}

function scaled(seconds: number, timeScale: number): number {
    return Math.round(seconds * 1000 * timeScale);
}
