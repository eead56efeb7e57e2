/** Names by which AWS says that it is asked too often. */
export const throttled: readonly string[] = [
    "Throttling", "ThrottlingException", "ThrottledException", "TooManyRequestsException", "RequestLimitExceeded", "RequestThrottled", "SlowDown",
    "RateExceededException",
];

/** Names of answers that came too late. */
export const timedOut: readonly string[] = ["TimeoutError", "RequestTimeout"];

/** Names by which AWS says that something else has to end first. The query protocol leaves the end of the name away. */
const busy: readonly string[] = ["ScalingActivityInProgressFault", "ScalingActivityInProgress", "ResourceContentionFault", "ResourceContention"];

/** What keeps the network from reaching AWS for now, by the code of Node's error. */
export const networkTroubles: Readonly<Record<string, string>> = {
    ENOTFOUND: "its name is not known here",
    EAI_AGAIN: "no name server answers",
    ECONNREFUSED: "the connection is refused",
    ECONNRESET: "the connection was cut",
    EPIPE: "the connection was cut",
    EHOSTUNREACH: "there is no way to it",
    ENETUNREACH: "there is no network",
    ENETDOWN: "there is no network",
    ETIMEDOUT: "the connection takes too long",
};

/** Whether a call that failed so may succeed later: AWS was not reached, was busy, or failed itself. */
export function isTransient(error: unknown): boolean {
    if (!(error instanceof Error)) return false;
    const { name, code, $metadata } = error as Error & { readonly code?: unknown; readonly $metadata?: { readonly httpStatusCode?: number } };
    const status = $metadata?.httpStatusCode ?? 0;
    return status >= 500 || status === 429 || [throttled, timedOut, busy].some(names => names.includes(name)) || (typeof code === "string" && Object.hasOwn(networkTroubles, code));
}
