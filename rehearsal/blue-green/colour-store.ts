import { readFileSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { type Colour, otherColour } from "../../release/blue-green/colour";
import { colourDocument, type ColourDocument, emptyColourDocument } from "../../release/blue-green/document";
import type { RollKeeper } from "../../release/blue-green/drive";
import type { RollState } from "../../release/blue-green/machine";
import { rememberRoll } from "../../release/blue-green/remember-roll";

/** What is looked up about a roll when it is written down. */
export interface RollSources {
    /** The image of a release, `repository@sha256:…`. */
    readonly imageOf: (version: string) => string;
    /** When the instances of a colour end by themselves; undefined for never, or when it has none. */
    readonly endOf: (colour: Colour) => Date | undefined;
}

/** The `colours.json` of a rehearsal, a file of the run: whoever drives a roll finds there what the one before has left. */
export class ColourStore implements RollKeeper {
    constructor(private readonly file: string, private readonly sources: RollSources) {}

    read(): ColourDocument {
        try {
            return colourDocument.parse(JSON.parse(readFileSync(this.file, "utf8")));
        } catch (error) {
            if ((error as NodeJS.ErrnoException).code === "ENOENT") return emptyColourDocument;
            throw error;
        }
    }

    async update(change: Partial<ColourDocument>): Promise<void> {
        await this.write({ ...this.read(), ...change });
    }

    async keep(state: RollState): Promise<void> {
        const { roll: { to, version } } = state;
        const idle = state.phase === "ended" && state.outcome === "succeeded" ? otherColour(to) : to;
        await this.write(rememberRoll(this.read(), state, {
            release: { version, image: this.sources.imageOf(version) },
            warmUntil: this.sources.endOf(idle)?.toISOString(),
        }));
    }

    stopRequested(): Promise<string | undefined> {
        return Promise.resolve(this.read().stopRequested ?? undefined);
    }

    private async write(document: ColourDocument): Promise<void> {
        // Whole or not at all: a driver that is killed meanwhile must be able to go on.
        await writeFile(`${this.file}.new`, JSON.stringify(document));
        await rename(`${this.file}.new`, this.file);
    }
}
