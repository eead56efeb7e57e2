import { failed, type RequestRecord } from "../load/request-record";
import { doubtOf } from "./doubt";
import { failuresOf } from "./failures";
import { longestGapMs } from "./gap";
import { percentiles } from "./percentiles";
import { phaseOf, phasesOf, rolloutTimes, type Phase, type RolloutTimes } from "./phases";
import { milestones, type ReportInput, type TimelineEvent } from "./report-input";
import { reportSchema, type Report } from "./report-schema";
import { secondsOf } from "./seconds";
import { judge } from "./verdict";

export type { Report };

/** Makes the report of a rehearsal from what the clients saw and what the fleet did. */
export function makeReport(input: ReportInput): Report {
    const { stage, strategy, timeScale, seed, instances, versions, forecast, records } = input;
    const events = [...input.events].sort((a, b) => a.atMs - b.atMs);
    const times = rolloutTimes(events);
    const phases = byPhase(records, times);
    const waves = countWaves(events, times);
    const failures = failuresOf(records, events, times);
    const lost = records.filter(failed).length;
    const stray = countStray(input, phases);
    const lag = percentiles(records.map(record => record.lagMs));
    const doubt = doubtOf(records, times, { ratePerSecond: input.ratePerSecond, lagP99Ms: lag.p99 ?? 0 });

    return reportSchema.parse({
        schemaVersion: 1,
        ...judge({ ...input, total: records.length, failed: lost, waves, failures, stray, doubt }),
        stage,
        strategy,
        timeScale,
        seed,
        ratePerSecond: input.ratePerSecond,
        requests: {
            total: records.length,
            failed: lost,
            slow: records.filter(({ slow }) => slow).length,
            byPhase: mapPhases(phases, within => ({ total: within.length, failed: within.filter(failed).length })),
            longestGapMs: longestGapMs(records),
        },
        latencyMs: mapPhases(phases, within => percentiles(within.filter(isFast).map(record => record.latencyMs))),
        instances,
        waves,
        rolloutSeconds: Math.round(times.endMs - times.startMs) / 1000,
        lowerBoundSeconds: forecast.lowerBoundSeconds,
        versions,
        forecast,
        loadGenerator: { lagP50Ms: lag.p50, lagP99Ms: lag.p99 },
        failures,
        seconds: secondsOf(records),
        events,
    });
}

type RecordsByPhase = ReadonlyMap<Phase, readonly RequestRecord[]>;

function byPhase(records: readonly RequestRecord[], times: RolloutTimes): RecordsByPhase {
    const phases = new Map<Phase, RequestRecord[]>(phasesOf(times).map(phase => [phase, []]));
    for (const record of records) phases.get(phaseOf(times, record))?.push(record);
    return phases;
}

function mapPhases<T>(phases: RecordsByPhase, value: (records: readonly RequestRecord[]) => T): Record<string, T> {
    return Object.fromEntries([...phases].map(([phase, records]) => [phase, value(records)]));
}

function countWaves(events: readonly TimelineEvent[], { startMs, rollbackMs, endMs }: RolloutTimes): number {
    const untilMs = rollbackMs ?? endMs;
    return events.filter(({ event, atMs }) => event === milestones.waveStarted && atMs >= startMs && atMs < untilMs).length;
}

/**
 * Answers after the rollout from a release that should be gone: hooks that leave the old container running lose no
 * request and roll nothing out. Only an app that said its release before is held to it.
 */
function countStray({ versions, end }: ReportInput, phases: RecordsByPhase): number {
    const tells = phases.get("before")?.some(record => record.version === versions.before) === true;
    if (!tells || end.outcome === "failed") return 0;
    const wanted = end.outcome === "succeeded" ? versions.after : versions.before;
    return (phases.get("after") ?? []).filter(record => !failed(record) && record.version !== wanted).length;
}

function isFast(record: RequestRecord): boolean {
    return !record.slow && !failed(record);
}
