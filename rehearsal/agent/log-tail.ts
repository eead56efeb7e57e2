/** Characters that limit the log which the agent sends along, by the rule of `append`. */
export const logLimit = 2048;

interface Entry {
    readonly text: string;
    readonly characters: number;
}

/** The end of an event's log, as the console and the API show it. */
export class LogTail {
    private entries: Entry[] = [];

    /**
     * The last entry stays when it is shorter than the limit and is then not counted. An older one stays while the older ones
     * down to it, plus its own length once more, are shorter than the limit: up to about 3500 characters, but not two lines of 1024.
     */
    append(text: string): void {
        this.entries.push({ text, characters: Array.from(text).length });
        const length = (index: number): number => this.entries[index]?.characters ?? 0;
        let first = this.entries.length;
        let counted = 0;
        while (first > 0 && counted + length(first - 1) < logLimit) {
            first -= 1;
            counted += length(first - 1);
        }
        this.entries.splice(0, first);
    }

    get text(): string {
        return this.entries.map(entry => entry.text).join("");
    }
}
