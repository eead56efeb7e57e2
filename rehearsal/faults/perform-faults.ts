import { setTimeout as sleep } from "node:timers/promises";
import { now } from "../load/clock";
import type { View } from "../view";
import type { Fault, FaultGround, FaultOutcome } from "./fault";
import type { FaultRun } from "./judge-fault";

// Longer than the slowest request, so that none of one fault's is open when the next begins.
const quietMs = 2_000;

/** Has faults happen one after the other, while one load runs. */
export async function performFaults(faults: readonly Fault[], ground: FaultGround, view: Pick<View, "step">): Promise<readonly FaultRun[]> {
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

async function performFault(fault: Fault, ground: FaultGround): Promise<FaultRun> {
    const { signal } = ground;
    const startMs = now();
    await sleep(quietMs, undefined, { signal });
    const outcome = await fault.happen(ground).catch((error: unknown): FaultOutcome => {
        signal.throwIfAborted();
        return { happened: "it came to nothing", broken: [error instanceof Error ? error.message : String(error)] };
    });
    const left = await takeUp(ground);
    await sleep(quietMs, undefined, { signal });
    return { fault, ...outcome, broken: [...outcome.broken, ...left], startMs, endMs: now() };
}

/** A fault leaves no roll under way, or the next would begin with it. */
async function takeUp({ session, signal }: FaultGround): Promise<readonly string[]> {
    if (session.site.store.read().roll === null) return [];
    try {
        const end = await session.resume();
        return [`it left roll ${end.roll.id} under way, which then came to be ${end.phase}`];
    } catch (error) {
        signal.throwIfAborted();
        return [`it left a roll that cannot be taken up: ${error instanceof Error ? error.message : String(error)}`];
    }
}
