/** A count as people write it. */
export function whole(count: number): string {
    return count.toLocaleString("en-US");
}

/** Milliseconds; a dash for what could not be measured. */
export function ms(value: number | null): string {
    return value === null ? "-" : `${value.toFixed(1)} ms`;
}

/** Seconds; a dash for what nobody knows. */
export function inSeconds(value: number | null | undefined): string {
    return value === null || value === undefined ? "-" : `${value.toFixed(1)} s`;
}
