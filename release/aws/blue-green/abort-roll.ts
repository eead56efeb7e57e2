import type { Stage } from "../../stage";
import type { ColourClients } from "./clients";
import type { ColourRollEnd, DriveRollOptions } from "./roll-options";

export interface AbortOptions extends DriveRollOptions {
    /** Why, for the journal. @default the owner's name says who */
    readonly reason?: string;
}

/**
 * Ends the roll under way: asks whoever drives it to go back and follows that, or drives the way back itself where nobody does any more.
 * A roll past its commit is not undone: what is left of it is carried out, and it ends as succeeded.
 * @returns undefined when there is nothing to stop
 */
export async function abortRoll(clients: ColourClients, stage: Stage, options: AbortOptions): Promise<ColourRollEnd | undefined> {
    await Promise.resolve();
    throw new Error("to come");
}
