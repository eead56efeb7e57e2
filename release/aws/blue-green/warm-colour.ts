import type { Colour } from "../../blue-green/colour";
import type { ColourDocument, ColourRelease } from "../../blue-green/document";

/** A colour that one call leads the clients back to. */
export interface WarmColour {
    readonly colour: Colour;
    readonly release: ColourRelease;
    /** ISO 8601. */
    readonly until: string;
}

/** The colour that is warm at this time; undefined for none. */
export function warmColour({ warm, blue, green }: ColourDocument, now: Date): WarmColour | undefined {
    if (warm === null || Date.parse(warm.until) <= now.getTime()) return undefined;
    const release = { blue, green }[warm.colour];
    return release === null ? undefined : { ...warm, release };
}
