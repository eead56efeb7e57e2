import { type Colour, otherColour } from "../../release/blue-green/colour";
import type { RollState } from "../../release/blue-green/machine";
import type { ColourSession } from "../blue-green/colour-session";
import type { ColourSite } from "../blue-green/colour-site";
import type { Outcome } from "./fault-stage";
import { endProblems, tellOutcome } from "./outcome-words";
import { settle } from "./settle";
import { readStanding, standingAfter, standingProblems, type WantedStanding } from "./standing";

/** What served before a roll. */
export interface Before {
    readonly serving: Colour;
    readonly version: string;
    readonly otherWasWarm: boolean;
}

/** What is looked at. */
export interface AfterRoll {
    readonly session: ColourSession;
    /** Fewest instances of a colour that serves. */
    readonly minSize: number;
    readonly signal: AbortSignal;
}

/** @throws TypeError when nobody has written down what serves */
export function lookBefore({ site }: ColourSession): Before {
    const { activeColour: serving, store } = site;
    const { [serving]: release, warm } = store.read();
    if (release === null) throw new TypeError(`nothing serves on ${serving}`);
    return { serving, version: release.version, otherWasWarm: warm?.colour === otherColour(serving) };
}

/** What is wrong after a roll: another end than the one that was promised, or a stack that does not stand as that end leaves it. */
export async function problemsAfter(end: RollState, outcomes: readonly Outcome[], before: Before, ground: AfterRoll): Promise<readonly string[]> {
    const { session: { site }, minSize, signal } = ground;
    const wanted = { ...standingAfter(end, before), minSize };
    return [...rollProblems(end, outcomes), ...await settledProblems(site, signal, () => wanted)];
}

/** What is not as it must be once Auto Scaling has had its time, such as for the end of instances. */
export function settledProblems(site: ColourSite, signal: AbortSignal, wanted: () => WantedStanding): Promise<readonly string[]> {
    return settle(async () => standingProblems(await readStanding(site), wanted()), site.clock, signal);
}

/** How a roll ended, in a few words. */
export function tellEnd(end: RollState): string {
    if (end.phase !== "ended") return `stuck on the way back (${end.phase === "back" ? end.problem ?? "" : ""})`;
    return tellOutcome(end);
}

function rollProblems(end: RollState, outcomes: readonly Outcome[]): readonly string[] {
    if (end.phase !== "ended") return [`the roll did not end: ${tellEnd(end)}`];
    return [
        ...endProblems("the roll", end, outcomes),
        ...end.left.map(left => `something was left untidy: ${left}`),
    ];
}
