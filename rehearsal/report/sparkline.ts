const bars = "▁▂▃▄▅▆▇█";

/** Counts as a row of bars, none for 0; `most` is the count of a full bar. Longer rows are averaged down to `width`. */
export function sparkline(counts: readonly number[], most: number, width: number): string {
    return shrink(counts, width).map(count => bar(count, most)).join("");
}

function bar(count: number, most: number): string {
    if (count <= 0) return " ";
    return bars[Math.min(bars.length - 1, Math.floor((count / most) * bars.length))] ?? " ";
}

function shrink(counts: readonly number[], width: number): readonly number[] {
    if (counts.length <= width) return counts;
    return Array.from({ length: width }, (_, column) => {
        const from = Math.floor((column * counts.length) / width);
        const until = Math.floor(((column + 1) * counts.length) / width);
        return counts.slice(from, until).reduce((sum, count) => sum + count, 0) / (until - from);
    });
}
