/** Of some words the one that a misspelled word most likely means, or undefined when none is near. */
export function nearest(word: string, words: Iterable<string>): string | undefined {
    let best: string | undefined;
    let least = Math.max(2, Math.floor(word.length / 3)) + 1;
    for (const candidate of words) {
        const distance = edits(word.toLowerCase(), candidate.toLowerCase());
        if (distance < least) [best, least] = [candidate, distance];
    }
    return best;
}

/** The Levenshtein distance: letters to insert, remove or replace. */
function edits(from: string, to: string): number {
    let row = Array.from({ length: to.length + 1 }, (_, column) => column);
    Array.from(from).forEach((letter, index) => {
        const above = row;
        row = [index + 1];
        Array.from(to).forEach((other, column) => {
            const replaced = (above[column] ?? 0) + (letter === other ? 0 : 1);
            row.push(Math.min(replaced, (above[column + 1] ?? 0) + 1, (row[column] ?? 0) + 1));
        });
    });
    return row[to.length] ?? 0;
}
