import { endedMs, failed, type RequestRecord } from "../load/request-record";
import { ReportError } from "./report-error";
import { milestones, type TimelineEvent } from "./report-input";

/** The parts of a rehearsal; `rollback` only when there was one. */
export type Phase = "before" | "during" | "rollback" | "after";

/** When the rollout ran, in milliseconds since 1970. */
export interface RolloutTimes {
    readonly startMs: number;
    readonly rollbackMs?: number;
    readonly endMs: number;
}

/** Reads from the events when the rollout ran. */
export function rolloutTimes(events: readonly TimelineEvent[]): RolloutTimes {
    const timeOf = (milestone: string): number | undefined => events.find(({ event }) => event === milestone)?.atMs;
    const startMs = timeOf(milestones.rolloutStarted);
    const rollbackMs = timeOf(milestones.rollbackStarted);
    const endMs = timeOf(milestones.rolloutEnded);
    if (startMs === undefined || endMs === undefined) {
        const missing = startMs === undefined ? milestones.rolloutStarted : milestones.rolloutEnded;
        throw new ReportError(`A report needs the event ${missing}; got ${events.length} events without it.`);
    }
    return { startMs, endMs, ...(rollbackMs !== undefined && { rollbackMs }) };
}

/** The phases that a rollout had, in order. */
export function phasesOf({ rollbackMs }: RolloutTimes): readonly Phase[] {
    return rollbackMs === undefined ? ["before", "during", "after"] : ["before", "during", "rollback", "after"];
}

/**
 * The phase a request counts to: the one in which it was due, but a failed request the last one of the rollout that it
 * was open in. A request sent just before a container stops is lost by the rollout, not by what was before.
 */
export function phaseOf(times: RolloutTimes, record: RequestRecord): Phase {
    const due = phaseAt(times, record.dueMs);
    if (!failed(record) || due === "after") return due;
    const ended = phaseAt(times, endedMs(record));
    if (ended !== "after") return ended;
    return times.rollbackMs === undefined ? "during" : "rollback";
}

function phaseAt({ startMs, rollbackMs, endMs }: RolloutTimes, atMs: number): Phase {
    if (atMs < startMs) return "before";
    if (atMs >= endMs) return "after";
    return rollbackMs !== undefined && atMs >= rollbackMs ? "rollback" : "during";
}
