import { applyMinimum } from "../../release/aws/blue-green/apply-minimum";
import { DeliveryError } from "../../release/aws/error";
import { readColourDocument } from "../../release/aws/colour-document";
import { describeRollState } from "../../release/blue-green/step-text";
import { rollUnderWay } from "../../release/roll-history";
import { clientsOf } from "../clients";
import type { CommandContext } from "../context";
import type { OpenStage } from "../open-stage";
import { stageIfThere } from "./locks/stage-in-use";

/**
 * Says so when a roll was left half way, by whoever holds the stage's lock now: it hinders no change of a stack that keeps its colours, and goes on after it.
 * @param strategy that the stack's file wants
 * @throws DeliveryError needsPerson where a colour would be taken away on which the roll may stand
 */
export async function tellUnfinishedRoll({ stage, access }: OpenStage, strategy: string | undefined, { tell }: CommandContext, signal: AbortSignal): Promise<void> {
    if (stage.blueGreen === undefined) return;
    const state = rollUnderWay(await readColourDocument(clientsOf({ access }).s3, stage.releaseBucket, signal));
    if (state === undefined) return;
    const { roll: { id, version } } = state;
    const what = `roll ${id} of release ${version} was left and nobody drives it: ${describeRollState(state)}.`;
    if (strategy !== "blueGreen") {
        throw new DeliveryError(
            `${stage.stack} shall be rolled host by host from now on, which takes green away, and ${what} Nothing was changed. `
            + `End it first: ./gapless abort ${stage.stack}, then ./gapless up ${stage.stack} again (docs/changing-strategy.md).`,
            "needsPerson",
        );
    }
    tell.warn(`${what} After this: ./gapless abort ${stage.stack} takes it back, the same release once more goes on with it`);
}

/**
 * What the program leaves to whoever knows which colour serves: the fewest instances of that. A failure is a warning, since all else is done and the next
 * release does this, too.
 */
export async function applySizes(stack: string, context: CommandContext, signal: AbortSignal): Promise<void> {
    const { tell } = context;
    try {
        // Read again: the program may just have written other sizes.
        const open = await stageIfThere(stack, context);
        if (open?.stage.blueGreen === undefined) return;
        const changed = await applyMinimum(clientsOf(open), open.stage, signal);
        if (changed) tell.step(describeMinimum(changed));
    } catch (error) {
        signal.throwIfAborted();
        tell.warn(`the fewest instances of the colour that serves could not be set: ${(error as Error).message}. ./gapless up ${stack} tries it again`);
    }
}

function describeMinimum({ group, before, after }: NonNullable<Awaited<ReturnType<typeof applyMinimum>>>): string {
    if (after > before) return `${group}, which serves, has ${after} instances at the least now, in place of ${before}`;
    // A roll that has just ended puts off what is less.
    return `${group}, which serves, may have as few as ${after} instances now; where a roll has just ended, once its load is known, and ${before} at the least until then`;
}
