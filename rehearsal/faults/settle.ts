import type { Clock } from "../../release/clock";

/** Of the service's time: a follow-on deployment, a launch, a drain. */
export const settleSeconds = 600;
/** Of the service's time, between two looks at what goes on by itself. */
export const lookSeconds = 1;

/**
 * What is wrong still when what goes on by itself has had its time, a sentence each.
 * @param seconds of the service's time. @default 600
 */
export async function settle(look: () => Promise<readonly string[]>, clock: Clock, signal: AbortSignal, seconds = settleSeconds): Promise<readonly string[]> {
    for (let waited = 0; ; waited += lookSeconds) {
        const problems = await look();
        if (problems.length === 0 || waited >= seconds) return problems;
        await clock.wait(lookSeconds, signal);
    }
}
