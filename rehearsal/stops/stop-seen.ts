/** A container that was told to end and did, as Docker saw it. */
export interface StopSeen {
    /** Its instance. */
    readonly instance: string;
    /** The release that ran in it; none when it is not one of the two that are rehearsed. */
    readonly version?: string;
    /** When the first signal was sent, and when it had ended: milliseconds since 1970, by Docker's clock. */
    readonly atMs: number;
    readonly endedMs: number;
    /** Number of that signal: 15, unless the image names another by STOPSIGNAL. */
    readonly signal: number;
    readonly exitCode: number;
}
