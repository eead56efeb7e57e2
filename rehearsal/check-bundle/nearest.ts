/** The known word that was probably meant, two slips of a finger away at most. */
export function nearest(word: string, known: readonly string[]): string | undefined {
    const plain = (text: string): string => text.toLowerCase().replaceAll(/[^a-z]/g, "");
    const [best] = known.map(other => ({ other, distance: distanceOf(plain(word), plain(other)) })).sort((a, b) => a.distance - b.distance);
    return best !== undefined && best.distance <= 2 ? best.other : undefined;
}

/** Letters to change, add or leave out (Levenshtein). */
function distanceOf(from: string, to: string): number {
    let row = Array.from({ length: to.length + 1 }, (_, index) => index);
    for (const [index, letter] of Array.from(from).entries()) {
        const next = [index + 1];
        for (const [at, other] of Array.from(to).entries()) {
            next.push(Math.min((row[at] ?? 0) + (letter === other ? 0 : 1), (row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1));
        }
        row = next;
    }
    return row.at(-1) ?? 0;
}
