import { isDeepStrictEqual } from "node:util";
import { type Colour, otherColour } from "../../blue-green/colour";
import type { ColourDocument, ColourRelease } from "../../blue-green/document";
import { type RollKeeper, RollTakenOver } from "../../blue-green/drive";
import type { EndedRoll, RollState } from "../../blue-green/machine";
import { rememberRoll } from "../../blue-green/remember-roll";
import type { Clock } from "../../clock";
import type { JsonDocument } from "../document";
import { Poll } from "../poll";
import { isTransient } from "../transient";

export interface RollBookArgs {
    /** Name of the stack, for people. */
    readonly stack: string;
    readonly document: JsonDocument<ColourDocument>;
    readonly release: ColourRelease | null;
    readonly clock: Clock;
    readonly signal: AbortSignal;
    readonly warn: (text: string) => void;
    /** When the instances of a colour end by themselves; undefined for never, or when it has none. */
    readonly endOf: (colour: Colour, signal: AbortSignal) => Promise<Date | undefined>;
    /** Writes the end into the journal, as far as it can. */
    readonly writeEnd: (end: EndedRoll) => Promise<void>;
}

/** Minutes for which a state may not be written while a roll is on its way: nobody watches meanwhile, and requests may go to the new colour. */
const stepPatienceMinutes = 1;

/** Keeps a roll in the document, and its end in the journal, too. */
export class RollBook implements RollKeeper {
    private readonly onTheWay: Poll;
    private readonly atTheEnd: Poll;
    /** What was written last. */
    private last: RollState | undefined;
    private deaf = false;

    constructor(private readonly args: RollBookArgs) {
        const { clock, signal, warn, stack } = args;
        const usual = { clock, signal, warn, goesOn: `How the roll stands: ./gapless status ${stack}.` };
        this.onTheWay = new Poll({ ...usual, patienceMinutes: stepPatienceMinutes });
        this.atTheEnd = new Poll(usual);
    }

    async keep(state: RollState): Promise<void> {
        const { document, release, endOf, writeEnd } = this.args;
        const poll = state.phase === "ended" ? this.atTheEnd : this.onTheWay;
        let end: Date | undefined;
        if (state.phase === "ended") {
            // Before the document: whoever follows the roll reads its end there once it is gone from here.
            await writeEnd(state);
            end = await poll.ask(signal => endOf(state.outcome === "succeeded" ? otherColour(state.roll.to) : state.roll.to, signal));
        }
        const facts = { release, warmUntil: end?.toISOString() };
        await poll.ask(signal => document.change(colours => {
            this.checkOwn(colours, state);
            return rememberRoll(colours, state, facts);
        }, signal));
        this.last = state;
    }

    /** By the roll's own state: a wish may have been written beside it. */
    private checkOwn({ roll }: ColourDocument, next: RollState): void {
        // It may be there already: when an answer gets lost, it is written once more.
        if (this.last === undefined || [this.last, next.phase === "ended" ? null : next].some(own => isDeepStrictEqual(plain(own), plain(roll)))) return;
        throw new RollTakenOver(`somebody else has gone on with roll ${next.roll.id}, so this begins nothing more`);
    }

    /** A wish that cannot be read now is read at the next look. */
    async stopRequested(): Promise<string | undefined> {
        const { document, signal, warn } = this.args;
        try {
            const { value: { stopRequested } } = await document.read(signal);
            this.deaf = false;
            return stopRequested ?? undefined;
        } catch (error) {
            if (!isTransient(error)) throw error;
            if (!this.deaf) warn(`whether somebody wants the roll to end cannot be read now, and is asked again: ${(error as Error).message}`);
            this.deaf = true;
            return undefined;
        }
    }
}

/** As it is written: without what is undefined. */
function plain(state: RollState | null): unknown {
    return JSON.parse(JSON.stringify(state)) as unknown;
}
