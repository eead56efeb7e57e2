import fc from "fast-check";
import type { RequestRecord } from "../../../rehearsal/load/request-record";
import type { ReportInput, TimelineEvent } from "../../../rehearsal/report/report-input";

/** A request that was answered at once, with what a test is about laid over it. */
export function request(about: Partial<RequestRecord> = {}): RequestRecord {
    return unsignedRequest({ version: "v1", ...about });
}

/** The same of an app that does not say its release. */
export function unsignedRequest(about: Partial<RequestRecord> = {}): RequestRecord {
    return { dueMs: 0, lagMs: 1, latencyMs: 10, status: 200, slow: false, reusedConnection: true, ...about };
}

/** A request that nobody answered. */
export function lostRequest(about: Partial<RequestRecord> = {}): RequestRecord {
    return { dueMs: 0, lagMs: 1, latencyMs: 10, error: "ECONNRESET", slow: false, reusedConnection: true, ...about };
}

/** A rollout from 10 s to 20 s in two waves; v1 before 15 s, v2 from then on; a request every 100 ms for 30 s. */
export function goodRehearsal(about: Partial<ReportInput> = {}): ReportInput {
    return {
        stage: "dev",
        strategy: "rolling",
        timeScale: 0.1,
        ratePerSecond: 10,
        seed: 7,
        instances: 4,
        versions: { before: "v1", after: "v2" },
        forecast: {
            waves: [2, 2],
            secondsPerPhase: { gaps: 1.4, drain: 2, stop: 0.4, download: 0.2, pull: 0.5, install: 0.1, run: 0.6, validate: 0.3, healthy: 1.5 },
            waveSeconds: 7,
            rolloutSeconds: 14,
            capacityFloor: 0.5,
            rollbackSeconds: 16,
            lowerBoundSeconds: 6,
        },
        end: { outcome: "succeeded", reason: "all 4 hosts run v2" },
        budget: 0,
        records: Array.from({ length: 300 }, (_, k) => request({ dueMs: k * 100, version: k < 150 ? "v1" : "v2" })),
        events: [at(10, "RolloutStarted"), at(10, "WaveStarted"), at(15, "WaveStarted"), at(20, "RolloutEnded")],
        ...about,
    };
}

/** The same, but v2 goes back at 15 s. */
export function rolledBackRehearsal(about: Partial<ReportInput> = {}): ReportInput {
    return goodRehearsal({
        end: { outcome: "rolledBack", reason: "host-1: ValidateService failed." },
        records: Array.from({ length: 300 }, (_, k) => request({ dueMs: k * 100 })),
        events: [
            at(10, "RolloutStarted"), at(10, "WaveStarted"), at(15, "RollbackStarted"), at(15, "WaveStarted"),
            at(17, "WaveStarted"), at(20, "RolloutEnded"),
        ],
        ...about,
    });
}

/** An event at a second of the rehearsal. */
export function at(second: number, event: string, about: Partial<TimelineEvent> = {}): TimelineEvent {
    return { atMs: second * 1000, event, ...about };
}

/** Any request around a rollout of some ten seconds, lost or not. */
export const anyRequest: fc.Arbitrary<RequestRecord> = fc
    .record({
        dueMs: fc.nat(30_000),
        latencyMs: fc.nat(12_000),
        status: fc.constantFrom(200, 404, 503, undefined),
        version: fc.constantFrom("v1", "v2", undefined),
        slow: fc.boolean(),
    })
    .map(({ dueMs, latencyMs, status, version, slow }) => ({
        dueMs, latencyMs, slow, lagMs: 0, reusedConnection: true,
        ...(status === undefined ? { error: "ECONNRESET" } : { status }),
        ...(version !== undefined && { version }),
    }));
