/** A time as people read it: ISO 8601, in seconds. */
export function inSeconds(time: string | Date): string {
    return (typeof time === "string" ? time : time.toISOString()).replace(/\.\d+Z$/, "Z");
}
