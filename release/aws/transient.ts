const networkCodes: readonly string[] = [
    "ECONNREFUSED", "ECONNRESET", "EAI_AGAIN", "EHOSTUNREACH", "ENETDOWN", "ENETUNREACH", "ENOTFOUND", "EPIPE", "ETIMEDOUT",
];
const passingNames: readonly string[] = ["ThrottlingException", "Throttling", "TooManyRequestsException", "RequestLimitExceeded", "SlowDown", "TimeoutError", "RequestTimeout"];

/** Whether a call that failed so may succeed later: AWS was not reached, was busy, or failed itself. */
export function isTransient(error: unknown): boolean {
    if (!(error instanceof Error)) return false;
    const { code, $metadata } = error as Error & { readonly code?: unknown; readonly $metadata?: { readonly httpStatusCode?: number } };
    const status = $metadata?.httpStatusCode ?? 0;
    return status >= 500 || status === 429 || passingNames.includes(error.name) || (typeof code === "string" && networkCodes.includes(code));
}
