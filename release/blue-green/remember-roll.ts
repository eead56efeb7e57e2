import { otherColour } from "./colour";
import type { ColourDocument, ColourRelease } from "./document";
import { RollTakenOver } from "./drive";
import type { RollState } from "./machine";
import { forwardSteps } from "./step";

/** What is known of a roll beside its state. */
export interface RollFacts {
    /** The release that it brings; null when nobody needs it any more, as on the way back. */
    readonly release: ColourRelease | null;
    /** Ended: when the instances of the colour that does not serve end by themselves, ISO 8601; undefined when there are none. */
    readonly warmUntil?: string | undefined;
}

/**
 * The document once a roll is in this state.
 * @throws RollTakenOver when another roll is under way in it, which nobody who holds the lock would meet
 */
export function rememberRoll(document: ColourDocument, state: RollState, { release, warmUntil }: RollFacts): ColourDocument {
    const { roll: { id, to } } = state;
    if (document.roll !== null && document.roll.roll.id !== id) {
        throw new RollTakenOver(`roll ${document.roll.roll.id} has begun beside roll ${id}, so this begins nothing more`);
    }
    const installed = { ...document, [to]: installedOn(document, state, release) };
    if (state.phase !== "ended") {
        // A wish has been heard once it goes back. Until a flip is over, nothing else is warm.
        const stopRequested = state.phase === "forward" && document.roll !== null ? document.stopRequested : null;
        return { ...installed, roll: state, stopRequested, warm: null };
    }
    const idle = state.outcome === "succeeded" ? otherColour(to) : to;
    return { ...installed, roll: null, stopRequested: null, warm: warmUntil !== undefined && installed[idle] !== null ? { colour: idle, until: warmUntil } : null };
}

/** While a release is on its way to a colour, nobody knows what is there. */
function installedOn(document: ColourDocument, state: RollState, release: ColourRelease | null): ColourRelease | null {
    const { roll } = state;
    const known = document[roll.to];
    if (roll.kind === "flip") return known;
    const isThere = state.phase === "ended" ? state.outcome === "succeeded" : state.phase === "forward" && state.at > forwardSteps(roll).findIndex(({ name }) => name === "install");
    if (!isThere) return null;
    return release ?? (known?.version === roll.version ? known : null);
}
