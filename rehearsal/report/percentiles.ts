/** Percentiles in milliseconds; null = there was nothing to take them from. */
export interface Percentiles {
    readonly p50: number | null;
    readonly p99: number | null;
}

/** Median and 99th percentile by nearest rank, each a value that occurred, to a tenth of a millisecond. */
export function percentiles(valuesMs: readonly number[]): Percentiles {
    const sorted = Float64Array.from(valuesMs).sort();
    return { p50: nearestRank(sorted, 0.5), p99: nearestRank(sorted, 0.99) };
}

function nearestRank(sorted: Float64Array, share: number): number | null {
    const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
    return value === undefined ? null : Math.round(value * 10) / 10;
}
