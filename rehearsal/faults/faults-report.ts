import { failed, type RequestRecord } from "../load/request-record";
import type { RehearsalOptions } from "../options";
import type { RehearsalPlan } from "../plan";
import { reproduceCommand } from "../report/reproduce";
import type { FaultName } from "./fault-names";
import { causesOf, type FaultRun, type FaultVerdict, judgeFault } from "./judge-fault";

/** What a rehearsal of faults came to: what `--json` prints, and faults.json. */
export interface FaultsReport {
    readonly schemaVersion: 1;
    /** Passed when every fault that was asked for has happened and each promise was kept. */
    readonly verdict: "passed" | "failed";
    readonly stage: string;
    readonly strategy: "rolling" | "blueGreen";
    readonly instances: number;
    readonly ratePerSecond: number;
    readonly timeScale: number;
    readonly seed: number;
    /** The command line that repeats it. */
    readonly reproduce: string;
    readonly faults: readonly FaultVerdict[];
    /** Those that were not reached, and the one that was under way when the rehearsal ended before its time. */
    readonly unfinished: readonly FaultName[];
    /** What speaks against the whole of it, a sentence each. */
    readonly problems: readonly string[];
}

/** What faults came to, with the requests that were sent meanwhile. */
export interface FaultsHappened {
    readonly runs: readonly FaultRun[];
    /** Undefined when the load has died, and what it saw with it. */
    readonly records?: readonly RequestRecord[] | undefined;
    /** What ended it before its time. */
    readonly trouble?: Error;
}

/** What was asked for. */
export interface FaultsAsked {
    readonly plan: Pick<RehearsalPlan, "options" | "instances">;
    readonly strategy: FaultsReport["strategy"];
    readonly which: "all" | readonly FaultName[];
    /** The faults that this means. */
    readonly names: readonly FaultName[];
}

/** Judges faults, each by itself, and what there is beside them. */
export function makeFaultsReport({ plan, strategy, which, names }: FaultsAsked, happened: FaultsHappened): FaultsReport {
    const { options: { stage, ratePerSecond, timeScale, seed }, instances } = plan;
    const { runs, records } = happened;
    const faults = runs.map(run => judgeFault(run, records, ratePerSecond));
    const unfinished = names.filter(name => !runs.some(({ fault }) => fault.name === name));
    const problems = [...troublesOf(happened), ...(records ? problemsOf(runs, records, unfinished) : [])];
    const passed = faults.length > 0 && faults.every(({ kept }) => kept) && unfinished.length === 0 && problems.length === 0;
    return {
        schemaVersion: 1, verdict: passed ? "passed" : "failed", stage, strategy, instances, ratePerSecond, timeScale, seed,
        reproduce: reproduceFaults(plan.options, which), faults, unfinished, problems,
    };
}

function reproduceFaults(options: RehearsalOptions, which: "all" | readonly FaultName[]): string {
    return `${reproduceCommand(options)} ${which === "all" ? "--faults all" : `--fault ${which.join(",")}`}`;
}

function troublesOf({ trouble }: FaultsHappened): readonly string[] {
    if (trouble === undefined) return [];
    return [trouble.name === "AbortError" ? "it was interrupted" : trouble.message];
}

/** Load runs before the first fault and after the last: were it not seen there, the clocks of load and faults would differ. */
function problemsOf(runs: readonly FaultRun[], records: readonly RequestRecord[], unfinished: readonly FaultName[]): readonly string[] {
    const [first, last] = [runs[0], runs.at(-1)];
    if (!first || !last) return [];
    const before = records.filter(({ dueMs }) => dueMs < first.startMs);
    const after = records.filter(({ dueMs }) => dueMs >= last.endMs);
    return [
        ...(before.length === 0 ? ["no request was sent before the first fault, so nothing is proved"] : []),
        ...(after.length === 0 ? ["no request was sent after the last fault, so nothing is proved"] : []),
        ...lostIn(before, "before the first fault"),
        // What is lost then may be lost by the fault that was interrupted.
        ...(unfinished.length === 0 ? lostIn(after, "after the last fault") : []),
    ];
}

function lostIn(records: readonly RequestRecord[], when: string): readonly string[] {
    const lost = records.filter(failed);
    return lost.length > 0 ? [`${lost.length} of ${records.length} requests failed ${when} (${causesOf(lost)})`] : [];
}
