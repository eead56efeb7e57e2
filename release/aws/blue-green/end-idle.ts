import { type Colour, colours, otherColour } from "../../blue-green/colour";
import { rollUnderWay } from "../../roll-history";
import type { BlueGreen } from "../../stage";
import { Poll } from "../poll";
import type { ColourClients } from "./clients";
import type { ColourSession } from "./colour-session";
import { type ColourGroup, isEndless, readColourGroup } from "./read-colours";
import { armEnd } from "./scheduled-end";
import { emptyAtLast } from "./warm-end";
import { readWeights } from "./weights";

/** The end that was given to instances without requests, which nobody would have ended. */
export interface ArmedEnd {
    readonly result: "endArmed";
    readonly colour: Colour;
    readonly autoScalingGroup: string;
    readonly instances: number;
    /** ISO 8601; now where nothing is kept warm. */
    readonly endsAt: string;
}

/** The group of the colour without requests, when nobody ends its instances; undefined too while it is unclear which colour serves. */
export async function findEndless(
    { loadBalancing, autoScaling }: ColourClients, blueGreen: BlueGreen, signal: AbortSignal,
): Promise<{ readonly colour: Colour; readonly group: ColourGroup } | undefined> {
    const weights = await readWeights(loadBalancing, blueGreen, signal);
    const serving = colours.find(colour => weights[colour] === 100);
    if (serving === undefined) return undefined;
    const colour = otherColour(serving);
    const group = await readColourGroup(autoScaling, blueGreen[colour], signal);
    return isEndless(group, weights[colour]) ? { colour, group } : undefined;
}

/**
 * Gives an end to the instances of the colour that has no requests, where a roll could not do so when it was over.
 * @returns undefined when there are none, they have an end, or a roll is under way meanwhile
 */
export async function endIdle({ clients, stage: { blueGreen, stack }, colours: document, options: { clock, tell }, signal }: ColourSession): Promise<ArmedEnd | undefined> {
    if (rollUnderWay((await document.read(signal)).value) !== undefined) return undefined;
    const poll = new Poll({ clock, signal, goesOn: `How ${stack} stands: ./gapless status ${stack}.`, warn: text => { tell.warn(text); } });
    const found = await poll.ask(abort => findEndless(clients, blueGreen, abort));
    if (found === undefined) return undefined;

    const { colour, group: { name: autoScalingGroup, desired: instances } } = found;
    const work = {
        clients, tell, pace: { rest: (seconds: number) => clock.wait(seconds, signal) },
        ask: <Answer>(question: (abort: AbortSignal) => Promise<Answer>): Promise<Answer> => poll.ask(question),
    };
    const end = new Date(clock.now().getTime() + blueGreen.warmSeconds * 1000);
    if (blueGreen.warmSeconds > 0) await armEnd(work, autoScalingGroup, end);
    else await emptyAtLast(work, autoScalingGroup);
    return { result: "endArmed", colour, autoScalingGroup, instances, endsAt: end.toISOString() };
}
