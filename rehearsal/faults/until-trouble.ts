import type { RequestRecord } from "../load/request-record";
import type { View } from "../view";
import type { FaultsHappened } from "./faults-report";
import type { FaultRun } from "./judge-fault";

interface End {
    readonly outcome: "succeeded";
    readonly reason: string;
}

/** Takes faults as they happen, and has the rehearsal end as if all had. */
type Series = (faults: AsyncIterable<FaultRun>) => Promise<End>;
/** @param wish ends it while faults have not begun, and when it is over */
type Rehearse = (series: Series, wish: AbortSignal) => Promise<{ readonly records: readonly RequestRecord[] }>;

/**
 * Rehearses faults until all have happened, or something ends them before their time, such as Ctrl-C. That swallows nothing of what has happened:
 * the faults end at once, the load in order, since what it has seen judges them.
 * @throws what goes wrong before the first of them
 */
export async function untilTrouble(signal: AbortSignal, view: Pick<View, "step">, rehearse: Rehearse): Promise<FaultsHappened> {
    const runs: FaultRun[] = [];
    const troubles: Error[] = [];
    const state = { begun: false };
    const wish = new AbortController();
    const pass = (): void => { wish.abort(signal.reason); };
    if (signal.aborted) pass();
    signal.addEventListener("abort", pass, { once: true });

    const series: Series = async faults => {
        state.begun = true;
        signal.removeEventListener("abort", pass);
        try {
            for await (const run of faults) runs.push(run);
        } catch (error) {
            troubles.push(asError(error));
            view.step("it ends before its time; waiting for the last requests, to judge what has happened");
        }
        return { outcome: "succeeded", reason: `${runs.length} faults happened` };
    };

    let records: readonly RequestRecord[] | undefined;
    try {
        ({ records } = await rehearse(series, wish.signal));
    } catch (error) {
        if (!state.begun) throw error;
        troubles.push(asError(error));
    } finally {
        // A fault that was interrupted waits for what does not come any more.
        wish.abort();
        signal.removeEventListener("abort", pass);
    }
    return { runs, records, ...(troubles[0] && { trouble: troubles[0] }) };
}

function asError(error: unknown): Error {
    return error instanceof Error ? error : new Error(String(error));
}
