import { StageNotThereError } from "../release/aws/find-stage";
import type { CommandContext } from "./context";
import { type OpenStage, openStage } from "./open-stage";

/** The program makes a few resources more between the pipeline, which starts at once, and its word on the stage. */
const patienceSeconds = 300;
const pauseSeconds = 10;

/**
 * Finds a stack's stage as its own pipeline does: at the stack's very first `up` it may be faster than the program.
 * @throws StageNotThereError after five minutes
 */
export async function awaitStage(stack: string, context: CommandContext): Promise<OpenStage> {
    const { clock, signal, tell } = context;
    const begun = clock.now().getTime();
    const seconds = (): number => (clock.now().getTime() - begun) / 1000;
    for (let looks = 1; ; looks += 1) {
        try {
            return await openStage(stack, context);
        } catch (error) {
            if (!(error instanceof StageNotThereError) || seconds() >= patienceSeconds) throw error;
            if (looks === 1) tell.step(`${stack} is not written down yet: waiting up to ${patienceSeconds / 60} minutes for the up that makes it`);
            await clock.wait(pauseSeconds, signal);
        }
    }
}
