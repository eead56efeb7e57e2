import { z } from "zod";

/** The two fleets of a stack that is released blue/green: one serves, the other is idle. */
export const colour = z.enum(["blue", "green"]);
export type Colour = z.output<typeof colour>;
export const colours: readonly Colour[] = colour.options;

export function otherColour(one: Colour): Colour {
    return one === "blue" ? "green" : "blue";
}

/** Header by which a request reaches a colour whatever the weights are. */
export const colourHeader = "X-Gapless-Colour";

/**
 * What the header must say.
 * @param secret keeps the public from releases that are not out yet
 */
export function colourHeaderValue(colour: Colour, secret: string): string {
    return `${colour}-${secret}`;
}
