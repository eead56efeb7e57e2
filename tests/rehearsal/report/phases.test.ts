import assert from "node:assert/strict";
import type { RequestRecord } from "../../../rehearsal/load/request-record";
import { phaseOf, phasesOf, rolloutTimes, type Phase } from "../../../rehearsal/report/phases";
import { at, goodRehearsal, lostRequest, request, rolledBackRehearsal } from "./material";

describe("The phases of a rehearsal", () => {
    const rollout = { startMs: 10_000, endMs: 20_000 };
    const rollback = { ...rollout, rollbackMs: 15_000 };

    it("are read from the events of the fleet", () => {
        assert.deepEqual(rolloutTimes(goodRehearsal().events), rollout);
        assert.deepEqual(rolloutTimes(rolledBackRehearsal().events), rollback);
    });

    it("have one for a rollback only when there was one", () => {
        assert.deepEqual(phasesOf(rollout), ["before", "during", "after"]);
        assert.deepEqual(phasesOf(rollback), ["before", "during", "rollback", "after"]);
    });

    for (const [missing, events] of [["RolloutStarted", [at(2, "RolloutEnded")]], ["RolloutEnded", [at(1, "RolloutStarted")]]] as const) {
        it(`cannot be told without ${missing}`, () => {
            assert.throws(() => rolloutTimes(events), {
                name: "ReportError", message: `A report needs the event ${missing}; got 1 events without it.`,
            });
        });
    }

    const good = (dueMs: number, latencyMs: number): RequestRecord => request({ dueMs, latencyMs });
    const lost = (dueMs: number, latencyMs: number): RequestRecord => lostRequest({ dueMs, latencyMs });
    const cases: readonly (readonly [string, RequestRecord, typeof rollback | typeof rollout, Phase])[] = [
        ["a good request due before it", good(9999, 5000), rollout, "before"],
        ["a good request due at its start", good(10_000, 1), rollout, "during"],
        ["a good request due just before its end", good(19_999, 500), rollout, "during"],
        ["a good request due at its end", good(20_000, 1), rollout, "after"],
        ["a good request due during, over in the rollback", good(14_999, 10), rollback, "during"],
        ["a good request due in the rollback", good(15_000, 10), rollback, "rollback"],
        ["a request lost before it", lost(9000, 999), rollout, "before"],
        ["a request due before and lost during", lost(9999, 1), rollout, "during"],
        ["a request due during and lost after", lost(19_999, 500), rollout, "during"],
        ["a request open all the time and lost after", lost(9000, 12_000), rollout, "during"],
        ["a request due and lost after", lost(20_000, 1), rollout, "after"],
        ["a request due during and lost in the rollback", lost(14_000, 1500), rollback, "rollback"],
        ["a request due during and lost after the rollback", lost(14_000, 9000), rollback, "rollback"],
        ["a request answered with 503 during", request({ dueMs: 9999, latencyMs: 5, status: 503 }), rollout, "during"],
    ];
    for (const [what, record, times, phase] of cases) {
        it(`count ${what} to '${phase}'`, () => {
            assert.equal(phaseOf(times, record), phase);
        });
    }
});
