import { failed, type RequestRecord } from "../load/request-record";
import { describeStops } from "../stops/describe-stops";
import { adviceOn } from "./advice";
import { describeColours, shiftsOf, wayBackMs } from "./colours";
import { comparePhases, lowerBoundSeconds } from "./compare-phases";
import { doubtOf } from "./doubt";
import { failuresOf } from "./failures";
import { longestGapMs } from "./gap";
import { wasCut } from "./lost-request";
import { percentiles } from "./percentiles";
import { phaseOf, phasesOf, rolloutTimes, type Phase, type RolloutTimes } from "./phases";
import { milestones, type ReportInput, type TimelineEvent } from "./report-input";
import { reportSchema, reportVersion, type Report } from "./report-schema";
import { secondsOf } from "./seconds";
import { countStray } from "./stray";
import { judge, type Way } from "./verdict";

export type { Report };

/** Makes the report of a rehearsal from what the clients saw and what the fleet did. */
export function makeReport(input: ReportInput): Report {
    const { stage, timeScale, seed, instances, versions, records } = input;
    const { rolloutSeconds, rollbackSeconds, lowerBoundSeconds: leastSeconds, capacityFloor } = input.onAws;
    const events = [...input.events].sort((a, b) => a.atMs - b.atMs);
    const times = timesOf(input, events);
    const phases = byPhase(records, times);
    const waves = countWaves(events, times);
    const failures = failuresOf(records, events, times);
    const lost = records.filter(failed);
    const stops = describeStops(input.stops, lost.filter(wasCut));
    const stray = countStray(input, times);
    const lag = percentiles(records.map(record => record.lagMs));
    const doubt = doubtOf(records, times, { ratePerSecond: input.ratePerSecond, lagP99Ms: lag.p99 ?? 0 });

    return reportSchema.parse({
        schemaVersion: reportVersion,
        ...judge({ ...input, total: records.length, failed: lost.length, way: wayOf(input, waves), failures, stray, doubt }),
        stage,
        ...(input.strategy === "rolling"
            ? { strategy: "rolling", forecast: input.forecast }
            : { strategy: "blueGreen", forecast: input.forecast, colours: describeColours(input.colours, instances) }),
        timeScale,
        seed,
        ratePerSecond: input.ratePerSecond,
        requests: {
            total: records.length,
            failed: lost.length,
            slow: records.filter(({ slow }) => slow).length,
            byPhase: mapPhases(phases, within => ({ total: within.length, failed: within.filter(failed).length })),
            longestGapMs: longestGapMs(records),
        },
        latencyMs: mapPhases(phases, within => percentiles(within.filter(isFast).map(record => record.latencyMs))),
        instances,
        waves,
        rolloutSeconds: Math.round(times.endMs - times.startMs) / 1000,
        lowerBoundSeconds: lowerBoundSeconds(input, events),
        settings: input.settings,
        reproduce: input.reproduce,
        phases: comparePhases(input, events),
        onAws: { rolloutSeconds, rollbackSeconds, lowerBoundSeconds: leastSeconds, capacityFloor },
        versions,
        loadGenerator: { lagP50Ms: lag.p50, lagP99Ms: lag.p99 },
        failures,
        stops,
        advice: adviceOn({ lost, stops, events, settings: input.settings }),
        seconds: secondsOf(records),
        events,
    });
}

/** A roll of its own that leads back counts as a way back, too. */
function timesOf(input: ReportInput, events: readonly TimelineEvent[]): RolloutTimes {
    const times = rolloutTimes(events);
    const backMs = input.strategy === "blueGreen" ? wayBackMs(input.colours) : undefined;
    return backMs === undefined ? times : { ...times, rollbackMs: backMs };
}

function wayOf(input: ReportInput, waves: number): Way {
    if (input.strategy === "rolling") return { strategy: "rolling", waves };
    const { to, flipBack } = describeColours(input.colours, input.instances);
    return { strategy: "blueGreen", to, shifts: shiftsOf(input.colours).length, flipBack };
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

function isFast(record: RequestRecord): boolean {
    return !record.slow && !failed(record);
}
