import { activeColourParameter, parameterNames } from "../release/stage";
import type { Colour } from "../release/blue-green/colour";
import { type Parameters, valueIn } from "./parameters";

/**
 * The colour that serves, as a stack's parameters say it; undefined when it has no colours.
 * @throws Error when it has, and nobody says which serves
 */
export function colourIn(path: string, parameters: Parameters): Colour | undefined {
    const valueOf = (name: string) => valueIn(path, parameters, name);
    const text = valueOf(parameterNames.activeColour);
    if (text === undefined && !tellsOfColours(valueOf(parameterNames.stage))) return undefined;
    const { success, data } = activeColourParameter.safeParse(text);
    if (success) return data;
    throw new Error(text === undefined ? `${parameterNames.activeColour} is missing` : `${parameterNames.activeColour} is ${JSON.stringify(text)}`);
}

/** The stack is written down only when the colour is. */
function tellsOfColours(stage = ""): boolean {
    return stage.includes('"blueGreen":');
}
