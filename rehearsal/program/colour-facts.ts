import type { Colour } from "../../release/blue-green/colour";

/** What a blue/green program adds to the facts of a stage. */
export interface ColourFacts {
    readonly deploymentGroupNames: Readonly<Record<Colour, string>>;
    /** What a request's header must say after the colour. */
    readonly headerSecret: string;
    readonly shiftPercents: readonly number[];
    readonly bakeSeconds: number;
    readonly warmSeconds: number;
}
