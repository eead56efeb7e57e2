/** What one request of the load saw. */
export interface RequestRecord {
    /** When the plan wanted it sent: milliseconds since 1970, on a clock that never jumps back. */
    readonly dueMs: number;
    /** How long after that it was sent, in milliseconds: the generator's own lateness. */
    readonly lagMs: number;
    /** From when it was due to the last byte of the answer or to the error, in milliseconds. */
    readonly latencyMs: number;
    /** The HTTP status, once its headers had come; a body cut short has a status and an error. */
    readonly status?: number;
    /** The code of the error that ended it, such as ECONNRESET; ETIMEDOUT when the plan's time-out passed. */
    readonly error?: string;
    /** The release that answered, if the app says so in `X-Release`. */
    readonly version?: string;
    /** The instance that answered, if the app says so in `X-Instance`. */
    readonly instance?: string;
    /** Whether it asked for the slow path. */
    readonly slow: boolean;
    /** Whether it went over a connection that had carried another request before. */
    readonly reusedConnection: boolean;
}

/**
 * Whether a user would have lost this request: no complete answer, 4xx or 5xx. The routes of the load were tried on version 1
 * before, so a 4xx is the rollout's doing, too.
 */
export function failed({ error, status }: RequestRecord): boolean {
    return error !== undefined || status === undefined || status >= 400;
}

/** When it was really sent, in milliseconds since 1970. */
export function sentMs({ dueMs, lagMs }: RequestRecord): number {
    return dueMs + lagMs;
}

/** When it was over, in milliseconds since 1970. */
export function endedMs({ dueMs, latencyMs }: RequestRecord): number {
    return dueMs + latencyMs;
}

/** From a cut in a container or balancer until its client has seen it, on a busy machine, in milliseconds. */
export const cutNoticeMs = 500;
