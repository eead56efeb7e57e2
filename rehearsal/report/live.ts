import pc from "picocolors";
import { endedMs, failed, type RequestRecord } from "../load/request-record";

/** An instance as a person watches it. */
export interface LiveInstance {
    readonly id: string;
    /** What the balancer thinks of it, such as `serving` or `draining`. */
    readonly state: string;
    /** The lifecycle event under way on it, if any. */
    readonly event?: string;
}

/** What a live view shows. */
export interface LiveState {
    /** The present, on the clock of the records. */
    readonly nowMs: number;
    readonly records: readonly RequestRecord[];
    readonly instances: readonly LiveInstance[];
}

/** A rehearsal at this moment: one line about the requests of the last second, then one about each instance. */
export function renderLive({ nowMs, records, instances }: LiveState): readonly string[] {
    const recent = records.filter(record => endedMs(record) > nowMs - 1000);
    const lost = records.filter(failed).length;
    const failedSoFar = `${lost.toLocaleString("en-US")} of ${records.length.toLocaleString("en-US")} failed`;
    const requests = [`${recent.length} requests/s`, lost > 0 ? pc.red(failedSoFar) : failedSoFar, ...shares(recent)].join("  ");

    const width = (of: (instance: LiveInstance) => string): number => Math.max(0, ...instances.map(each => of(each).length));
    const [idWidth, stateWidth] = [width(({ id }) => id), width(({ state }) => state)];
    return [
        requests,
        ...instances.map(({ id, state, event = "" }) =>
            `  ${id.padEnd(idWidth)}  ${state.padEnd(stateWidth)}  ${event}`.trimEnd()),
    ];
}

/** Who answers: each release with its share of the answers, in the order of their names. */
function shares(recent: readonly RequestRecord[]): readonly string[] {
    const answered = recent.filter(record => !failed(record));
    const counts = new Map<string, number>();
    for (const { version = "unknown" } of answered) counts.set(version, (counts.get(version) ?? 0) + 1);
    return [...counts].sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([version, count]) => `${version} ${Math.round((count / answered.length) * 100)} %`);
}
