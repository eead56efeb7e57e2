import { applyMinimum } from "../../release/aws/blue-green/apply-minimum";
import { readColourDocument } from "../../release/aws/colour-document";
import { describeRollState } from "../../release/blue-green/step-text";
import { rollUnderWay } from "../../release/roll-history";
import { clientsOf } from "../clients";
import type { CommandContext } from "../context";
import type { OpenStage } from "../open-stage";
import { stageIfThere } from "./locks/stage-in-use";

/** Says so when a roll was left half way, by whoever holds the stage's lock now: it hinders no change of the stack, and goes on after it. */
export async function tellUnfinishedRoll({ stage, access }: OpenStage, { tell }: CommandContext, signal: AbortSignal): Promise<void> {
    if (stage.blueGreen === undefined) return;
    const state = rollUnderWay(await readColourDocument(clientsOf({ access }).s3, stage.releaseBucket, signal));
    if (state === undefined) return;
    const { roll: { id, version } } = state;
    tell.warn(`roll ${id} of release ${version} was left and nobody drives it: ${describeRollState(state)}. After this: ./gapless abort ${stage.stack} takes it back, the same release once more goes on with it`);
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
        if (changed) tell.step(`${changed.group}, which serves, has ${changed.after} instances at the least now, in place of ${changed.before}`);
    } catch (error) {
        signal.throwIfAborted();
        tell.warn(`the fewest instances of the colour that serves could not be set: ${(error as Error).message}. ./gapless up ${stack} tries it again`);
    }
}
