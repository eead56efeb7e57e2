import type { Clock } from "../../release/clock";
import { type Diagnosis, fail, skipped } from "../../release/doctor";
import { explain } from "../failure";

/** One thing to look at. */
export interface Check {
    readonly name: string;
    /** Seconds after which it counts as hanging. @default 30 */
    readonly deadlineSeconds?: number;
    /** Throws what it did not foresee; the error's text is then what was found. */
    readonly look: (signal: AbortSignal) => Promise<Diagnosis> | Diagnosis;
}

export type CheckResult = Diagnosis & { readonly name: string };

/** Makes all checks at once. One that fails or hangs hides no other; only the signal ends all. */
export async function runChecks(checks: readonly Check[], clock: Clock, signal: AbortSignal): Promise<readonly CheckResult[]> {
    const results = await Promise.all(checks.map(async check => ({ name: check.name, ...await runCheck(check, clock, signal) })));
    signal.throwIfAborted();
    return results;
}

/** A diagnosis of what others have found out, or why there is none. */
export async function after<T>(known: Promise<T>, unknown: string, look: (value: T) => Promise<Diagnosis> | Diagnosis): Promise<Diagnosis> {
    const found = await known.then(value => ({ value }), () => undefined);
    return found ? look(found.value) : skipped(unknown);
}

async function runCheck({ look, deadlineSeconds = 30 }: Check, clock: Clock, signal: AbortSignal): Promise<Diagnosis> {
    const stop = new AbortController();
    const late = clock.wait(deadlineSeconds, AbortSignal.any([signal, stop.signal]))
        .then(() => fail(`no answer within ${deadlineSeconds} s`, "look whether the network and the proxy let it through, and try again"));
    // When the check is over, nobody waits for this any more.
    late.catch(() => undefined);
    try {
        return await Promise.race([diagnose(look, AbortSignal.any([signal, stop.signal])), late]);
    } finally {
        stop.abort();
    }
}

async function diagnose(look: Check["look"], signal: AbortSignal): Promise<Diagnosis> {
    try {
        return await look(signal);
    } catch (error) {
        return unforeseen(explain(error));
    }
}

/** Our errors say what to do in their last sentence. */
function unforeseen(message: string): Diagnosis {
    const [, text, advice] = /^(.*?\S[.:])\s+([A-Z](?:[^.]|\.(?=\S))*\.?)$/s.exec(message.trim()) ?? [];
    return text !== undefined && advice !== undefined ? fail(text, advice) : fail(message, "mend what the text names, and run this again");
}
