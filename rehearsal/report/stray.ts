import { failed, type RequestRecord } from "../load/request-record";
import { directionOf } from "./colours";
import { phaseOf, type RolloutTimes } from "./phases";
import type { ReportInput } from "./report-input";

/** Two processes read their clocks. */
const clockMarginMs = 100;

/**
 * Answers from a release that should be gone: hooks that leave the old container running lose no request and roll nothing out.
 * Only an app that said its release before is held to it.
 */
export function countStray(input: ReportInput, times: RolloutTimes): number {
    const { records, versions, end } = input;
    const tells = records.some(record => record.version === versions.before && phaseOf(times, record) === "before");
    if (!tells || end.outcome === "failed") return 0;
    const wanted = input.strategy === "blueGreen" ? wantedOf(input) : wantedAfter(input, times);
    return records.filter(record => !failed(record) && (wanted(record) ?? record.version) !== record.version).length;
}

/** The release that must answer a request; undefined while any may. */
type Wanted = (record: RequestRecord) => string | undefined;

function wantedAfter({ versions, end }: ReportInput, times: RolloutTimes): Wanted {
    const last = end.outcome === "succeeded" ? versions.after : versions.before;
    return record => phaseOf(times, record) === "after" ? last : undefined;
}

/** Weights decide at once, so while one colour gets all requests only its release may answer. */
function wantedOf({ colours, versions }: Extract<ReportInput, { strategy: "blueGreen" }>): Wanted {
    const { from } = directionOf(colours);
    return ({ dueMs }) => {
        const since = colours.weights.findLastIndex(({ atMs }) => atMs - clockMarginMs <= dueMs);
        const now = colours.weights[since];
        if (now === undefined || dueMs <= now.atMs + now.tookMs + clockMarginMs) return undefined;
        if (now.weights[from] === 100) return versions.before;
        return now.weights[from] === 0 ? versions.after : undefined;
    };
}
