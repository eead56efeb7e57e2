import fc from "fast-check";
import type { RequestRecord } from "../../../rehearsal/load/request-record";
import { advanceRoll, beginRoll, type EndedRoll, type RollState } from "../../../release/blue-green/machine";
import type { Roll } from "../../../release/blue-green/roll";
import type { ColoursSeen, StepSeen, WeightsSeen } from "../../../rehearsal/report/colours-seen";
import type { ColoursInput, ReportInput, RollingInput, Settings, TimelineEvent } from "../../../rehearsal/report/report-input";

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

/** Settings of a stage that has none of its own, at a tenth of its waits. */
export const sampleSettings: Settings = {
    drainSeconds: 20, stopGraceSeconds: 30, idleTimeoutSeconds: 60, longestRequestSeconds: 10,
    healthCheck: { path: "/health", matcher: "200", intervalSeconds: 5, timeoutSeconds: 3, healthyThreshold: 2, unhealthyThreshold: 2 },
    minimumHealthyHosts: "HalfAtATime", trafficControl: true, rollBackOnFailure: true,
    here: { drainMs: 2000, healthIntervalMs: 500, healthTimeoutMs: 450, eventGapMs: 110 },
};

/** A rollout from 10 s to 20 s in two waves; v1 before 15 s, v2 from then on; a request every 100 ms for 30 s. */
export function goodRehearsal(about: Partial<RollingInput> = {}): RollingInput {
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
            secondsPerPhase: { pull: 0.5, drain: 2, download: 0.2, install: 0.1, start: 1, validate: 0.3, healthy: 1.5, gaps: 1.4 },
            waveSeconds: 7,
            rolloutSeconds: 14,
            capacityFloor: 0.5,
            rollbackSeconds: 16,
            lowerBoundSeconds: 6,
        },
        onAws: {
            waves: [2, 2],
            secondsPerPhase: { pull: 0, drain: 25, download: 0.5, install: 0.15, start: 3, validate: 2, healthy: 15, gaps: 14.3 },
            waveSeconds: 59.95,
            rolloutSeconds: 124.9,
            capacityFloor: 0.5,
            rollbackSeconds: 184.9,
            lowerBoundSeconds: 84.6,
        },
        settings: sampleSettings,
        reproduce: "./gapless rehearse dev --seed 7",
        end: { outcome: "succeeded", reason: "all 4 hosts run v2" },
        budget: 0,
        records: Array.from({ length: 300 }, (_, k) => request({ dueMs: k * 100, version: k < 150 ? "v1" : "v2" })),
        stops: [],
        events: [at(10, "RolloutStarted"), at(10, "WaveStarted"), at(15, "WaveStarted"), at(20, "RolloutEnded")],
        ...about,
    };
}

/** The same, but v2 goes back at 15 s. */
export function rolledBackRehearsal(about: Partial<RollingInput> = {}): ReportInput {
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

/** A roll from blue to green, by which v2 takes over from v1. */
export const sampleRoll: Roll = {
    id: "bg-1", kind: "deploy", version: "v2", from: "blue", to: "green", shiftPercents: [50, 100], bakeSeconds: 10, warmSeconds: 60, minSize: 4,
    begun: "2026-01-01T00:00:00.000Z",
};

/** The flip that leads back from it. */
export const sampleFlip: Roll = { ...sampleRoll, id: "bg-2", kind: "flip", version: "v1", from: "green", to: "blue", shiftPercents: [100], bakeSeconds: 0, warmUntil: "2026-01-01T01:00:00.000Z" };

/** A roll to its end, all of whose steps can be carried out. */
export function endedRoll(roll: Roll): EndedRoll {
    let state: RollState = beginRoll(roll);
    while (state.phase !== "ended") state = advanceRoll(state, { type: "done" });
    return state;
}

/** A change of the weights at a second, by one call of 3 ms. */
export function shifted(second: number, green: number, about: Partial<WeightsSeen> = {}): WeightsSeen {
    return { atMs: second * 1000, tookMs: 3, calls: 1, weights: { blue: 100 - green, green }, ...about };
}

/** A step of the first roll, from one second to another. */
export function stepFrom(second: number, until: number, step: StepSeen["step"], about: Partial<StepSeen> = {}): StepSeen {
    return { roll: "bg-1", phase: "forward", step, startMs: second * 1000, endMs: until * 1000, ...about };
}

/** What such a roll has seen: half of the requests go to green from 13 s on, all from 16 s on. */
export function goodColours(about: Partial<ColoursSeen> = {}): ColoursSeen {
    return {
        rolls: [endedRoll(sampleRoll)],
        steps: [
            stepFrom(10, 11.5, { name: "boot" }), stepFrom(11.5, 13, { name: "install" }), stepFrom(13, 13.003, { name: "shift", percent: 50 }),
            stepFrom(13.003, 16, { name: "bake", percent: 50 }), stepFrom(16, 16.003, { name: "shift", percent: 100 }),
        ],
        weights: [shifted(0, 0, { calls: 0, tookMs: 0 }), shifted(13, 50), shifted(16, 100)],
        capacity: [0, 10, 13, 16].map(second => ({ atMs: second * 1000, healthy: { blue: 4, green: second < 13 ? 0 : 4 } })),
        ...about,
    };
}

/** A blue/green rehearsal from 10 s to 20 s; a request every 100 ms for 30 s, the second of two to green from 13 s on, all from 16 s on. */
export function colourRehearsal(about: Partial<ColoursInput> = {}): ColoursInput {
    return {
        ...goodRehearsal(),
        strategy: "blueGreen",
        forecast: { secondsPerStep: { boot: 1.4, install: 2, shift: 0.1, bake: 3 }, rolloutSeconds: 6.6, capacityFloor: 1, lowerBoundSeconds: 3 },
        onAws: {
            secondsPerStep: { boot: 125, install: 65, shift: 1, bake: 30 },
            rolloutSeconds: 252, capacityFloor: 1, lowerBoundSeconds: 220, rollbackSeconds: 63,
        },
        records: Array.from({ length: 300 }, (_, k) => request({ dueMs: k * 100, version: k > 160 || (k > 130 && k % 2 === 0) ? "v2" : "v1" })),
        events: [at(10, "RolloutStarted"), at(20, "RolloutEnded")],
        colours: goodColours(),
        ...about,
    };
}

/** The same, flipped back at 18 s. */
export function flippedBackRehearsal(about: Partial<ColoursInput> = {}): ColoursInput {
    const { steps, weights } = goodColours();
    return colourRehearsal({
        records: colourRehearsal().records.map(record => record.dueMs > 18_000 ? { ...record, version: "v1" } : record),
        colours: goodColours({
            rolls: [endedRoll(sampleRoll), endedRoll(sampleFlip)],
            steps: [...steps, stepFrom(18, 18.004, { name: "shift", percent: 100 }, { roll: "bg-2" })],
            weights: [...weights, shifted(18, 0, { tookMs: 4.25 })],
        }),
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
