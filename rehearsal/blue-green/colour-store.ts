import { readFileSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { colourDocument, type ColourDocument, emptyColourDocument } from "../../release/blue-green/document";
import type { RollKeeper } from "../../release/blue-green/drive";
import type { RollState } from "../../release/blue-green/machine";

/** The `colours.json` of a rehearsal, a file of the run: whoever drives a roll finds there what the one before has left. */
export class ColourStore implements RollKeeper {
    constructor(private readonly file: string) {}

    read(): ColourDocument {
        try {
            return colourDocument.parse(JSON.parse(readFileSync(this.file, "utf8")));
        } catch (error) {
            if ((error as NodeJS.ErrnoException).code === "ENOENT") return emptyColourDocument;
            throw error;
        }
    }

    async update(change: Partial<ColourDocument>): Promise<void> {
        // Whole or not at all: a driver that is killed meanwhile must be able to go on.
        await writeFile(`${this.file}.new`, JSON.stringify({ ...this.read(), ...change }));
        await rename(`${this.file}.new`, this.file);
    }

    async keep(state: RollState): Promise<void> {
        await this.update(state.phase === "ended" ? { roll: null, stopRequested: null } : { roll: state });
    }

    stopRequested(): Promise<string | undefined> {
        return Promise.resolve(this.read().stopRequested ?? undefined);
    }
}
