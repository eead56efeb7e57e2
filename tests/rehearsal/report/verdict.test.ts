import assert from "node:assert/strict";
import { judge, type Findings, type Verdict } from "../../../rehearsal/report/verdict";

const good: Findings = {
    end: { outcome: "succeeded", reason: "all hosts run it" }, budget: 0, instances: 4, way: { strategy: "rolling", waves: 2 },
    versions: { before: "1", after: "2" }, total: 4312, failed: 0, failures: [], stray: 0, doubt: undefined,
};
const back = { outcome: "rolledBack", reason: "host-1: ValidateService failed." } as const;
const green = { strategy: "blueGreen", to: "green", shifts: 3, flipBack: null } as const;
const stuck = { outcome: "failed", reason: "host-1 hangs" } as const;
const resets = {
    count: 1200, cause: "ECONNRESET", phase: "during", running: ["host-1 ApplicationStart", "host-2 ApplicationStart"], firstMs: 1, lastMs: 2,
} as const;
const errors = { count: 5, cause: "500", phase: "during", instance: "host-1", running: [], firstMs: 1, lastMs: 2 } as const;

describe("The verdict", () => {
    const cases: readonly (readonly [string, Partial<Findings>, Verdict, string])[] = [
        ["nothing was lost", {}, "passed", "Version 2 replaced version 1 on 4 instances in 2 waves: 0 of 4,312 requests failed."],
        [
            "there was one of each", { instances: 1, way: { strategy: "rolling", waves: 1 }, total: 1 }, "passed",
            "Version 2 replaced version 1 on 1 instance in 1 wave: 0 of 1 request failed.",
        ],
        [
            "no more was lost than may be", { budget: 5, failed: 5 }, "passed",
            "Version 2 replaced version 1 on 4 instances in 2 waves: 5 of 4,312 requests failed, 5 may.",
        ],
        [
            "one more was lost than may be", { budget: 5, failed: 6, failures: [errors] }, "failed",
            "Version 2 replaced version 1 on 4 instances in 2 waves: 6 of 4,312 requests failed, 5 may. Most often: 500 from host-1 (5).",
        ],
        [
            "requests were lost", { failed: 1205, failures: [resets, errors] }, "failed",
            "Version 2 replaced version 1 on 4 instances in 2 waves: 1,205 of 4,312 requests failed. " +
                "Most often: ECONNRESET during host-1 ApplicationStart, host-2 ApplicationStart (1,200).",
        ],
        [
            "requests were lost for a cause at several events, and more than for the largest group", { failed: 1810, failures: [resets, { ...errors, count: 605 }, { ...errors, count: 605, instance: "host-2" }] }, "failed",
            "Version 2 replaced version 1 on 4 instances in 2 waves: 1,810 of 4,312 requests failed. Most often: 500 (1,210).",
        ],
        [
            "the release went back and nothing was lost", { end: back, way: { strategy: "rolling", waves: 1 } }, "rolledBack",
            "Version 2 was rolled back to version 1 (host-1: ValidateService failed): 0 of 4,312 requests failed.",
        ],
        [
            "the release went back but requests were lost", { end: back, failed: 5, failures: [errors] }, "failed",
            "Version 2 was rolled back to version 1 (host-1: ValidateService failed): 5 of 4,312 requests failed. Most often: 500 from host-1 (5).",
        ],
        [
            "the rollout failed, though nothing was lost", { end: stuck }, "failed",
            "Version 2 did not replace version 1 (host-1 hangs): 0 of 4,312 requests failed.",
        ],
        [
            "the old version still answers", { stray: 3 }, "failed",
            "Version 2 replaced version 1 on 4 instances in 2 waves, but 3 answers after it came from another version than 2.",
        ],
        [
            "the bad version still answers", { end: back, stray: 1 }, "failed",
            "Version 2 was rolled back to version 1 (host-1: ValidateService failed), but 1 answer after it came from another version than 1.",
        ],
        [
            "the load did not last", { doubt: "only 5 of 100 requests were sent during the rollout" }, "failed",
            "Version 2 replaced version 1 on 4 instances in 2 waves, but only 5 of 100 requests were sent during the rollout, so nothing is proved.",
        ],
        [
            "the new version took over on the other colour", { way: green }, "passed",
            "Version 2 took over from version 1 on green (4 instances) in 3 shifts: 0 of 4,312 requests failed.",
        ],
        [
            "it flipped back in one call", { way: { ...green, shifts: 1, flipBack: { ms: 3.4, calls: 1 } } }, "passed",
            "Version 2 took over from version 1 on green (4 instances) in 1 shift: 0 of 4,312 requests failed; flip back 3 ms, one call.",
        ],
        [
            "flipping back took more than one call", { way: { ...green, flipBack: { ms: 31, calls: 2 } } }, "passed",
            "Version 2 took over from version 1 on green (4 instances) in 3 shifts: 0 of 4,312 requests failed; flip back 31 ms, 2 calls.",
        ],
        [
            "the roll itself turned back", { way: { ...green, flipBack: { ms: 3, calls: 1 } }, end: back }, "rolledBack",
            "Version 2 was rolled back to version 1 (host-1: ValidateService failed): 0 of 4,312 requests failed.",
        ],
        ["nothing was asked", { total: 0 }, "failed", "No request was sent, so nothing is proved."],
    ];
    for (const [what, about, verdict, reason] of cases) {
        it(`is '${verdict}' when ${what}`, () => {
            assert.deepEqual(judge({ ...good, ...about }), { verdict, reason });
        });
    }
});
