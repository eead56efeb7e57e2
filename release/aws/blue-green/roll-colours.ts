import type { Stage } from "../../stage";
import type { Wanted } from "../roll";
import type { ColourClients } from "./clients";
import type { ColourRollEnd, ColourRollOptions } from "./roll-options";

/**
 * Brings a release to the idle colour, and the clients to it. What an earlier driver has left is gone on with when it is of this release, else undone first.
 * @returns undefined when the release serves already
 * @throws DeliveryError usage when bundle or image is not there, needsPerson when lock or another deployment is in the way for too long, or was lost
 */
export async function rollColours(clients: ColourClients, stage: Stage, wanted: Wanted, options: ColourRollOptions): Promise<ColourRollEnd | undefined> {
    await Promise.resolve();
    throw new Error("to come");
}
