import type { Stage } from "../../stage";
import type { ColourClients } from "./clients";
import type { ColourRollEnd, ColourRollOptions } from "./roll-options";

export interface FlipOptions extends ColourRollOptions {
    /** Release to serve then: by one call when it is the warm colour's, else it is deployed. @default the warm colour's; the one that serves when none is warm */
    readonly version?: string;
}

/** Leads the clients to the other colour: at once while that is warm, else the release that serves is deployed to it first. Throws as rollColours does. */
export async function flipColours(clients: ColourClients, stage: Stage, options: FlipOptions): Promise<ColourRollEnd> {
    await Promise.resolve();
    throw new Error("to come");
}
