import { setTimeout as sleep } from "node:timers/promises";
import { now } from "../load/clock";
import type { View } from "../view";
import type { Fault, FaultGround, FaultOutcome } from "./fault";
import type { FaultRun } from "./judge-fault";

// Longer than the slowest request, so that none of one fault's is open when the next begins.
const quietMs = 2_000;

/** Has faults happen one after the other, while one load runs. */
export async function performFaults<Ground extends FaultGround>(faults: readonly Fault<Ground>[], ground: Ground, view: Pick<View, "step">): Promise<readonly FaultRun[]> {
    const runs: FaultRun[] = [];
    for (const [index, fault] of faults.entries()) {
        view.step(`fault ${fault.name} (${index + 1} of ${faults.length}): ${fault.promise}`);
        const run = await performFault(fault, ground);
        view.step(`  ${run.happened}`);
        for (const problem of run.broken) view.step(`  NOT KEPT: ${problem}`);
        runs.push(run);
    }
    return runs;
}

async function performFault<Ground extends FaultGround>(fault: Fault<Ground>, ground: Ground): Promise<FaultRun> {
    const { signal } = ground;
    const startMs = now();
    await sleep(quietMs, undefined, { signal });
    const outcome = await fault.happen(ground).catch((error: unknown): FaultOutcome => {
        signal.throwIfAborted();
        return { happened: "it came to nothing", broken: [error instanceof Error ? error.message : String(error)] };
    });
    const left = await ground.stage.takeUp();
    await sleep(quietMs, undefined, { signal });
    return { fault, ...outcome, broken: [...outcome.broken, ...left], startMs, endMs: now() };
}
