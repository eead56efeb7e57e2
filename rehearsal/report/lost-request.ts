import type { RequestRecord } from "../load/request-record";

/** Statuses that a load balancer answers with when a target does not. */
const ofBalancer: readonly number[] = [502, 503, 504];

/** Whether the service answered a failed request itself: with a status that no balancer makes up, or signed. */
export function wasAnswered({ error, status, version, instance }: RequestRecord): boolean {
    if (error !== undefined || status === undefined) return false;
    return !ofBalancer.includes(status) || version !== undefined || instance !== undefined;
}

/** Whether nobody answered in time. */
export function timedOut({ error, status }: RequestRecord): boolean {
    return error === "ETIMEDOUT" || (error === undefined && status === 504);
}

/** Whether its connection ended before the answer was complete. */
export function wasCut(lost: RequestRecord): boolean {
    if (timedOut(lost) || wasAnswered(lost)) return false;
    return lost.error !== undefined || lost.status === 502;
}

/** Whether no target took it. */
export function wasRefused(lost: RequestRecord): boolean {
    return lost.error === undefined && lost.status === 503 && !wasAnswered(lost);
}
