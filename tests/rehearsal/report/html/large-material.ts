import { lifecycleEvents, type LifecycleEvent } from "../../../../release/lifecycle";
import type { RequestRecord } from "../../../../rehearsal/load/request-record";
import { makeReport, type Report } from "../../../../rehearsal/report/report";
import type { TimelineEvent } from "../../../../rehearsal/report/report-input";
import { at, colourRehearsal, flippedBackRehearsal, goodRehearsal, lostRequest, request } from "../material";

const ratePerSecond = 200;

/** As many requests as a real rehearsal sends, with the latencies of one: a wave of small hills, and a peak now and then. */
function load(about: (second: number, k: number) => Partial<RequestRecord>): RequestRecord[] {
    return Array.from({ length: 30 * ratePerSecond }, (_, k) => {
        const dueMs = (k * 1000) / ratePerSecond;
        const slow = k % 10 === 3;
        const latencyMs = slow ? 900 + (k % 7) * 40 : 1.5 + Math.abs(Math.sin(k / 97)) * 3 + (k % 97 === 0 ? 25 : 0);
        return request({ dueMs, latencyMs, slow, ...about(dueMs / 1000, k) });
    });
}

const secondsOf: Readonly<Record<LifecycleEvent, number>> = {
    BeforeBlockTraffic: 0.15, BlockTraffic: 1.6, AfterBlockTraffic: 0.002, ApplicationStop: 0.3, DownloadBundle: 0.02, BeforeInstall: 0.08, Install: 0.01,
    AfterInstall: 0.002, ApplicationStart: 1, ValidateService: 0.1, BeforeAllowTraffic: 0.002, AllowTraffic: 0.5, AfterAllowTraffic: 0.002,
};

/** The events of one instance from a second on, up to one that fails if there is such. */
export function instanceEvents(instance: string, from: number, failing?: { readonly event: LifecycleEvent; readonly detail: string }): TimelineEvent[] {
    const events: TimelineEvent[] = [];
    let second = from;
    for (const event of lifecycleEvents) {
        second += 0.09;
        events.push(at(second, event, { instance, status: "started" }));
        second += secondsOf[event];
        if (event === failing?.event) return [...events, at(second, event, { instance, status: "failed", detail: failing.detail })];
        events.push(at(second, event, { instance, status: "succeeded" }));
    }
    return events;
}

const [first, second] = [["i-1", "i-2"], ["i-3", "i-4"]] as const;

function wave(number: number, instances: readonly string[], from: number): TimelineEvent[] {
    return [at(from, "WaveStarted", { detail: `${number}: ${instances.join(", ")}` }), ...instances.flatMap((instance, k) => instanceEvents(instance, from + 0.02 * k))];
}

/** Nothing was lost. */
export function largeGood(): Report {
    return makeReport(goodRehearsal({
        ratePerSecond,
        records: load((second, k) => ({ version: second < 15 || (second < 20 && k % 4 === 0) ? "v1" : "v2", instance: `i-${1 + (k % 4)}` })),
        events: [at(10, "RolloutStarted"), ...wave(1, first, 10), ...wave(2, second, 15), at(20, "RolloutEnded", { status: "succeeded" })],
    }));
}

/** The same, but what was in flight is lost when containers stop. */
export function largeFailing(): Report {
    const input = goodRehearsal({
        ratePerSecond,
        records: load((second, k) => ({ version: second < 15 ? "v1" : "v2", instance: `i-${1 + (k % 4)}` })),
        events: [at(10, "RolloutStarted"), ...wave(1, first, 10), ...wave(2, second, 15), at(20, "RolloutEnded", { status: "succeeded" })],
    });
    const lost = (dueMs: number): boolean => (dueMs > 12_400 && dueMs < 13_100) || (dueMs > 17_400 && dueMs < 18_000);
    const records = input.records.map((record, k) => lost(record.dueMs) && k % 3 === 0
        ? lostRequest({ dueMs: record.dueMs, error: k % 2 === 0 ? "ECONNRESET" : "ECONNREFUSED" })
        : lost(record.dueMs) && k % 7 === 0 ? request({ dueMs: record.dueMs, status: 503 }) : record);
    return makeReport({ ...input, records });
}

/** A release whose first wave does not get through its validation; nothing is lost. The service's words are no HTML. */
export function largeRolledBack(): Report {
    const detail = "Script at specified location: scripts/validate.sh failed with exit code 1: <b>GET / answered 500</b> </script>";
    return makeReport(goodRehearsal({
        ratePerSecond,
        end: { outcome: "rolledBack", reason: `ValidateService failed on i-1: ${detail}` },
        records: load(() => ({ version: "v1" })),
        events: [
            at(10, "RolloutStarted"), at(10, "WaveStarted", { detail: "1: i-1, i-2" }),
            ...first.flatMap(instance => instanceEvents(instance, 10, { event: "ValidateService", detail })),
            at(14.9, "RollbackStarted", { detail }),
            ...wave(1, first, 15), ...wave(2, second, 20), at(25, "RolloutEnded", { status: "failed" }),
        ],
    }));
}

/** A good blue/green release, flipped back at the end. */
export function largeColours(): Report {
    return makeReport(flippedBackRehearsal({
        ratePerSecond,
        records: load((second, k) => ({ version: second > 18 || second < 13 || (second < 16 && k % 2 === 0) ? "v1" : "v2" })),
        events: [at(10, "RolloutStarted"), ...["green-1", "green-2"].flatMap(instance => instanceEvents(instance, 11)), at(20, "RolloutEnded")],
    }));
}

/** A blue/green release that goes back in its first bake. */
export function largeColoursBack(): Report {
    const { colours } = colourRehearsal();
    return makeReport(colourRehearsal({
        ratePerSecond,
        end: { outcome: "rolledBack", reason: "bake 50 % failed: the alarm on 5xx of green fires" },
        records: load((second, k) => ({ version: second > 13 && second < 15 && k % 2 === 0 ? "v2" : "v1" })),
        events: [at(10, "RolloutStarted"), ...["green-1", "green-2"].flatMap(instance => instanceEvents(instance, 11)), at(20, "RolloutEnded")],
        colours: {
            ...colours,
            steps: [
                ...colours.steps.slice(0, 3),
                { roll: "bg-1", phase: "forward", step: { name: "bake", percent: 50 }, startMs: 13_003, endMs: 15_000, problem: "the alarm on 5xx of green fires" },
                { roll: "bg-1", phase: "back", step: { name: "restore" }, startMs: 15_000, endMs: 15_004 },
                { roll: "bg-1", phase: "back", step: { name: "shrink" }, startMs: 15_004, endMs: 17_000 },
            ],
            weights: [...colours.weights.slice(0, 2), { atMs: 15_000, tookMs: 4, calls: 1, weights: { blue: 100, green: 0 } }],
        },
    }));
}
