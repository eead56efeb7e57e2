import type { RequestRecord } from "../load/request-record";
import type { Stop } from "../stops/describe-stops";
import type { Settings, TimelineEvent } from "./report-input";

/** What cost requests, or would, and what to do about it. */
export interface Advice {
    /** Failed requests that it explains; 0 = none this time. */
    readonly requests: number;
    /** What happened, in a sentence. */
    readonly what: string;
    /** What to do. */
    readonly fix: string;
}

/** All that a rehearsal knows of its losses. */
export interface Losses {
    /** The failed requests. */
    readonly lost: readonly RequestRecord[];
    readonly stops: readonly Stop[];
    readonly events: readonly TimelineEvent[];
    readonly settings: Settings;
}

/** Something that costs requests. */
export interface Cause {
    /** Whether it cost this one. */
    explains(lost: RequestRecord): boolean;
    /**
     * @param requests that it cost
     * @returns undefined when it is not worth a word
     */
    tell(requests: number): Advice | undefined;
}

/** A count with its noun, as in `1 request`. */
export function counted(count: number, noun: string): string {
    return `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
}

/** What became of some requests, as in `1 request was cut`. */
export function became(requests: number, what: string): string {
    return `${counted(requests, "request")} ${requests === 1 ? "was" : "were"} ${what}`;
}
