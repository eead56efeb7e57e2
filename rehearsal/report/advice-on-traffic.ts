import { cutNoticeMs, endedMs, sentMs } from "../load/request-record";
import { became, type Cause, counted, type Losses } from "./cause";
import { wasCut, wasRefused } from "./lost-request";
import { milestones, type Settings, type TimelineEvent } from "./report-input";
import { runningAt, spansOf } from "./running-at";


/** A drain cuts what is still open when it is over. */
export function drainsTooShort({ events, settings: { drainSeconds } }: Losses): Cause {
    const drains = spansOf(events).filter(({ event }) => event === "BlockTraffic");
    return {
        explains: lost => wasCut(lost) && drains.some(({ startMs, endMs }) =>
            sentMs(lost) <= startMs && Math.abs(endedMs(lost) - endMs) <= cutNoticeMs),
        tell: requests => requests === 0 ? undefined : {
            requests,
            what: `${became(requests, "still open")} when a drain was over, and cut.`,
            fix: `Set drainSeconds (${drainSeconds} s) above the slowest request that the service has, and longestRequestSeconds to what that takes.`,
        },
    };
}

/** Without a drain clients are sent to containers that are being replaced. */
export function stillInRotation({ events, settings }: Losses): Cause {
    const blind = !settings.trafficControl || settings.here.drainMs === 0;
    const [fromMs, untilMs] = rolloutOf(events, settings);
    return {
        explains: lost => blind && (wasCut(lost) || wasRefused(lost)) && endedMs(lost) >= fromMs && sentMs(lost) <= untilMs,
        tell: requests => requests === 0 ? undefined : {
            requests,
            what: `${became(requests, "refused or cut")} by instances that were replaced while the load balancer still sent them requests.`,
            fix: "Keep traffic control in the deployment group (WITH_TRAFFIC_CONTROL) and drainSeconds above the slowest request; here, leave out --without-draining.",
        },
    };
}

/** Requests that no instance takes: too few are left, or what is left is ill. */
export function hadNoTarget({ settings: { minimumHealthyHosts } }: Losses): Cause {
    return {
        explains: wasRefused,
        tell: requests => requests === 0 ? undefined : {
            requests,
            what: `${counted(requests, "request")} found no instance that took it (503).`,
            fix: `Let fewer instances go at a time (deploymentConfig, now ${minimumHealthyHosts}) or have more (minSize), and look whether the service can be overloaded or dies (its log, when it is rehearsed with --keep).`,
        },
    };
}

/** Whoever closes an idle connection last may be sent a request into it. */
export function closesIdleConnections({ events, settings }: Losses): Cause {
    const { idleTimeoutSeconds } = settings;
    return {
        explains: lost => wasCut(lost) && runningAt(events, sentMs(lost) - noticedWithinMs(settings), endedMs(lost)).length === 0,
        tell: requests => requests === 0 ? undefined : {
            requests,
            what: `${became(requests, "cut")} while nothing was done to any instance. So it is with a service that closes idle connections sooner than the load balancer does (${idleTimeoutSeconds} s), or one that crashes.`,
            fix: `Set the keep-alive time of your server above idleTimeoutSeconds (${idleTimeoutSeconds} s), such as ${idleTimeoutSeconds + 15} s: server.keepAliveTimeout of Node, --timeout-keep-alive of uvicorn, IdleTimeout of Go.`,
        },
    };
}

/** From when until when a rollout can have cost requests. */
function rolloutOf(events: readonly TimelineEvent[], settings: Settings): readonly [fromMs: number, untilMs: number] {
    const at = (milestone: string): number | undefined => events.find(({ event }) => event === milestone)?.atMs;
    return [at(milestones.rolloutStarted) ?? Infinity, (at(milestones.rolloutEnded) ?? Infinity) + noticedWithinMs(settings)];
}

/** Until the balancer has seen that a target is gone. */
function noticedWithinMs({ healthCheck: { unhealthyThreshold }, here: { healthIntervalMs, healthTimeoutMs } }: Settings): number {
    return unhealthyThreshold * healthIntervalMs + healthTimeoutMs;
}
