import assert from "node:assert/strict";
import fc from "fast-check";
import { failed } from "../../../rehearsal/load/request-record";
import { makeReport } from "../../../rehearsal/report/report";
import { reportSchema } from "../../../rehearsal/report/report-schema";
import { anyRequest, at, goodRehearsal, lostRequest, request, rolledBackRehearsal, sampleSettings, unsignedRequest } from "./material";

describe("The report", () => {
    it("holds every figure of a good rehearsal", () => {
        const input = goodRehearsal();
        const { seconds, events, phases, ...report } = makeReport(input);

        assert.deepEqual(report, {
            schemaVersion: 2,
            verdict: "passed",
            reason: "Version v2 replaced version v1 on 4 instances in 2 waves: 0 of 300 requests failed.",
            stage: "dev",
            strategy: "rolling",
            timeScale: 0.1,
            seed: 7,
            ratePerSecond: 10,
            requests: {
                total: 300, failed: 0, slow: 0, longestGapMs: 100,
                byPhase: { before: { total: 100, failed: 0 }, during: { total: 100, failed: 0 }, after: { total: 100, failed: 0 } },
            },
            latencyMs: { before: { p50: 10, p99: 10 }, during: { p50: 10, p99: 10 }, after: { p50: 10, p99: 10 } },
            instances: 4,
            waves: 2,
            rolloutSeconds: 10,
            lowerBoundSeconds: 6,
            versions: { before: "v1", after: "v2" },
            forecast: input.forecast,
            onAws: { rolloutSeconds: 124.9, rollbackSeconds: 184.9, lowerBoundSeconds: 84.6, capacityFloor: 0.5 },
            settings: sampleSettings,
            reproduce: "./gapless rehearse dev --seed 7",
            loadGenerator: { lagP50Ms: 1, lagP99Ms: 1 },
            failures: [],
            stops: [],
            advice: [],
        });
        assert.deepEqual(events, input.events);
        assert.equal(phases.length, 8);
        assert.deepEqual([seconds.length, seconds[0]?.answered, seconds[29]?.answered], [30, { v1: 10 }, { v2: 10 }]);
    });

    it("gives a rollback a phase of its own and leaves its waves out", () => {
        const { verdict, waves, requests, latencyMs } = makeReport(rolledBackRehearsal());

        assert.deepEqual([verdict, waves], ["rolledBack", 1]);
        assert.deepEqual(Object.entries(requests.byPhase).map(([phase, { total }]) => [phase, total]), [
            ["before", 100], ["during", 50], ["rollback", 50], ["after", 100],
        ]);
        assert.deepEqual(Object.keys(latencyMs), ["before", "during", "rollback", "after"]);
    });

    it("leaves slow and failed requests out of the latency, and says so when none remains", () => {
        const records = [
            request({ dueMs: 1000, latencyMs: 20 }), request({ dueMs: 1000, latencyMs: 1200, slow: true }),
            request({ dueMs: 1000, latencyMs: 1, status: 503 }), lostRequest({ dueMs: 12_000, latencyMs: 1 }),
        ];
        const { latencyMs } = makeReport(goodRehearsal({ records }));
        assert.deepEqual(latencyMs, { before: { p50: 20, p99: 20 }, during: { p50: null, p99: null }, after: { p50: null, p99: null } });
    });

    it("counts 4xx and 5xx as failed: version 1 answered all these routes", () => {
        const records = [...goodRehearsal().records, ...[399, 400, 404, 500].map(status => request({ dueMs: 12_000, status }))];
        const { verdict, requests } = makeReport(goodRehearsal({ records }));
        assert.deepEqual([verdict, requests.failed], ["failed", 3]);
    });

    it("counts the slow requests", () => {
        const records = [...goodRehearsal().records, request({ dueMs: 12_000, slow: true })];
        assert.equal(makeReport(goodRehearsal({ records })).requests.slow, 1);
    });

    it("does not pass a rollout that the load did not last through", () => {
        const { verdict, reason } = makeReport(goodRehearsal({ records: goodRehearsal().records.filter(({ dueMs }) => dueMs < 14_000) }));
        assert.deepEqual([verdict, reason.split(", ")[1]], ["failed", "but only 40 of 100 requests were sent during the rollout"]);
    });

    it("fails a rollout after which the old version still answers", () => {
        const records = Array.from({ length: 300 }, (_, k) => request({ dueMs: k * 100 }));
        const { verdict, reason } = makeReport(goodRehearsal({ records }));
        assert.deepEqual([verdict, reason.split(", ")[1]], ["failed", "but 100 answers after it came from another version than v2."]);
    });

    it("fails a rollback after which the bad version still answers", () => {
        const records = rolledBackRehearsal().records.map((record, k) => (k === 299 ? { ...record, version: "v2" } : record));
        assert.equal(makeReport(rolledBackRehearsal({ records })).verdict, "failed");
    });

    it("takes an app that does not say its release at its rollout's word", () => {
        const records = goodRehearsal().records.map(({ dueMs }) => unsignedRequest({ dueMs }));
        assert.equal(makeReport(goodRehearsal({ records })).verdict, "passed");
    });

    it("takes an app with release names of its own at its rollout's word", () => {
        const own = goodRehearsal().records.map(record => ({ ...record, version: "their own 3.1" }));
        assert.equal(makeReport(goodRehearsal({ records: own })).verdict, "passed");
    });

    it("does not count waves of the fleet's first release", () => {
        const events = [at(1, "WaveStarted"), ...goodRehearsal().events];
        assert.equal(makeReport(goodRehearsal({ events })).waves, 2);
    });

    it("puts the events in order", () => {
        const { events } = goodRehearsal();
        assert.deepEqual(makeReport(goodRehearsal({ events: [...events].reverse() })).events.map(({ atMs }) => atMs), [10_000, 10_000, 15_000, 20_000]);
    });

    it("survives the way through its file", () => {
        const report = makeReport(rolledBackRehearsal({ records: [...rolledBackRehearsal().records, lostRequest({ dueMs: 11_000 })] }));
        assert.deepEqual(reportSchema.parse(JSON.parse(JSON.stringify(report))), report);
    });

    it("has no key that its schema does not know", () => {
        assert.throws(() => reportSchema.parse({ ...makeReport(goodRehearsal()), extra: 1 }), /Unrecognized key/);
    });

    it("counts every request in one phase, and every failed one in one kind", () => {
        const rehearsals = fc.constantFrom(goodRehearsal, rolledBackRehearsal);
        fc.assert(fc.property(rehearsals, fc.array(anyRequest), (rehearsal, records) => {
            const { requests, failures, verdict } = makeReport(rehearsal({ records }));
            const phases = Object.values(requests.byPhase);
            const lost = records.filter(failed).length;
            assert.equal(phases.reduce((sum, { total }) => sum + total, 0), records.length);
            assert.equal(phases.reduce((sum, phase) => sum + phase.failed, 0), lost);
            assert.equal(failures.reduce((sum, { count }) => sum + count, 0), lost);
            assert.ok(lost === 0 || verdict === "failed");
        }));
    });
});
