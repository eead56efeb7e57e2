import type { RequestRecord } from "../load/request-record";
import type { RolloutTimes } from "./phases";

/** What the load was asked for, and how late it was at worst (p99). */
export interface LoadQuality {
    readonly ratePerSecond: number;
    readonly lagP99Ms: number;
}

/** Of the requests that were due during a rollout, the share that must have been sent. */
const fewestShare = 0.9;
/** A generator that is later than this has measured itself. */
const longestLagMs = 1_000;

/** Why a measurement proves nothing although little or nothing was lost; undefined for a sound one. */
export function doubtOf(
    records: readonly RequestRecord[], { startMs, endMs }: RolloutTimes, { ratePerSecond, lagP99Ms }: LoadQuality,
): string | undefined {
    const sent = records.filter(({ dueMs }) => dueMs >= startMs && dueMs < endMs).length;
    const due = Math.floor((ratePerSecond * (endMs - startMs)) / 1000);
    if (sent < fewestShare * due) return `only ${sent} of ${due} requests were sent during the rollout`;
    if (!records.some(({ dueMs }) => dueMs < startMs)) return "no request was sent before the rollout";
    if (!records.some(({ dueMs }) => dueMs >= endMs)) return "no request was sent after the rollout";
    if (lagP99Ms > longestLagMs) return `this machine sent requests up to ${(lagP99Ms / 1000).toFixed(1)} s late`;
    return undefined;
}
