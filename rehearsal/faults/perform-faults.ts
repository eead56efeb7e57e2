import { setTimeout as sleep } from "node:timers/promises";
import { now } from "../load/clock";
import type { View } from "../view";
import type { Fault, FaultGround, FaultOutcome } from "./fault";
import type { FaultRun } from "./judge-fault";

const shortestQuietMs = 2_000;
/** On what the slowest route took on its own: under load, it may take longer. */
const slownessMargin = 2;

/**
 * Has faults happen one after the other, while one load runs, and gives each when it is over.
 * @param quietMs without a fault, before each and after it
 * @throws the signal's reason as soon as that is aborted, whatever a fault waits for
 */
export async function* performFaults<Ground extends FaultGround>(
    faults: readonly Fault<Ground>[], ground: Ground, view: Pick<View, "step" | "warn">, quietMs = quietMsOf(ground),
): AsyncGenerator<FaultRun, void, undefined> {
    const aborted = abortOf(ground.signal);
    for (const [index, fault] of faults.entries()) {
        view.step(`fault ${fault.name} (${index + 1} of ${faults.length}): ${fault.promise}`);
        const run = await Promise.race([performFault(fault, ground, quietMs), aborted]);
        view.step(`  ${run.happened}`);
        for (const problem of run.broken) view.warn(`${fault.name}: NOT KEPT: ${problem}`);
        yield run;
    }
}

async function performFault<Ground extends FaultGround>(fault: Fault<Ground>, ground: Ground, quietMs: number): Promise<FaultRun> {
    const { signal } = ground;
    const startMs = now();
    await sleep(quietMs, undefined, { signal });
    const cameToNothing = (error: unknown): FaultOutcome => {
        signal.throwIfAborted();
        return { happened: "it came to nothing", broken: [messageOf(error)] };
    };
    const outcome = await fault.happen(ground).catch(cameToNothing);
    const left = await ground.stage.takeUp().catch((error: unknown) => {
        signal.throwIfAborted();
        return [`what it left under way cannot be ended: ${messageOf(error)}`];
    });
    await sleep(quietMs, undefined, { signal });
    return { fault, ...outcome, broken: [...outcome.broken, ...left], startMs, endMs: now() };
}

/** As long as the slowest request, so that none of one fault's is open when the next begins. */
export function quietMsOf({ slowestSeconds }: Pick<FaultGround, "slowestSeconds">): number {
    return Math.max(shortestQuietMs, slownessMargin * slowestSeconds * 1000);
}

function messageOf(error: unknown): string {
    return error instanceof Error ? error.message : String(error);
}

/** Rejects when a signal is aborted. */
function abortOf(signal: AbortSignal): Promise<never> {
    const aborted = new Promise<never>((_, reject) => {
        const abort = (): void => { reject(signal.reason as Error); };
        if (signal.aborted) abort();
        else signal.addEventListener("abort", abort, { once: true });
    });
    // Between two faults, nobody is listening.
    aborted.catch(() => undefined);
    return aborted;
}
