import { isFailure, type StepWork } from "./step-work";

const lookSeconds = 5;

/**
 * Looks again and again until nothing is lacking. Tells what is, and names it when the step's time is over.
 * @param look what is lacking; undefined for nothing
 */
export async function awaitNothingLacking({ pace, tell }: StepWork, look: () => Promise<string | undefined>): Promise<void> {
    let told: string | undefined;
    for (;;) {
        const lacking = await look();
        if (lacking === undefined) return;
        if (lacking !== told) tell.step(`waiting: ${lacking}`);
        told = lacking;
        try {
            await pace.rest(lookSeconds);
        } catch (error) {
            throw isFailure(error, pace) ? new Error(`${lacking}; ${error.message}`, { cause: error }) : error;
        }
    }
}
