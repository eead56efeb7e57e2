/** Milliseconds since 1970 that never jump back while a process lives; what every time in a rehearsal is read from. */
export function now(): number {
    return performance.timeOrigin + performance.now();
}
