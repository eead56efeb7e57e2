import type { Stage } from "../../stage";
import type { ColourClients } from "./clients";

/**
 * Gives the group that serves the fewest instances that the program wants it to have. Leaves alone a group without instances, to which nothing
 * is released yet, and all of it while a roll is under way, which ends with that minimum anyway. To be called under the stage's lock.
 * @returns what has changed; undefined for nothing
 */
export async function applyMinimum(
    clients: Pick<ColourClients, "autoScaling" | "s3">, stage: Stage, signal: AbortSignal,
): Promise<{ readonly group: string; readonly before: number; readonly after: number } | undefined> {
    await Promise.resolve();
    throw new Error("to come");
}
