import assert from "node:assert/strict";
import { type FaultsAsked, type FaultsHappened, makeFaultsReport } from "../../../rehearsal/faults/faults-report";
import type { FaultRun } from "../../../rehearsal/faults/judge-fault";
import { lostRequest, request } from "../report/material";
import { sampleOptions } from "../sample-facts";

const run = (name: FaultRun["fault"]["name"], startMs: number): FaultRun =>
    ({ fault: { name, onAws: "It is so.", promise: "it is kept" }, happened: "it took over", broken: [], startMs, endMs: startMs + 10_000 });
/** Two faults from 10 s to 30 s; a request every 100 ms for 40 s. */
const runs = [run("scale-out", 10_000), run("green-dies", 20_000)];
const records = Array.from({ length: 400 }, (_, k) => request({ dueMs: k * 100 }));
const asked: FaultsAsked = {
    plan: { options: sampleOptions({ stage: "stg", ratePerSecond: 10, seed: 3 }), instances: 5 }, strategy: "blueGreen", which: ["scale-out", "green-dies"], names: ["scale-out", "green-dies"],
};
const report = (happened: Partial<FaultsHappened> = {}) => makeFaultsReport(asked, { runs, records, ...happened });

describe("The report of faults", () => {
    it("has passed when all have happened and each promise was kept, and says how to repeat it", () => {
        const { faults, ...rest } = report();
        assert.deepEqual(rest, {
            schemaVersion: 1, verdict: "passed", stage: "stg", strategy: "blueGreen", instances: 5, ratePerSecond: 10, timeScale: 0.1, seed: 3,
            reproduce: "./gapless rehearse stg --rate 10 --seed 3 --fault scale-out,green-dies", unfinished: [], problems: [],
        });
        assert.deepEqual(faults.map(({ fault, kept }) => [fault, kept]), [["scale-out", true], ["green-dies", true]]);
        assert.match(makeFaultsReport({ ...asked, which: "all" }, { runs, records }).reproduce, / --faults all$/);
    });

    it("has failed when a promise was not kept", () => {
        assert.equal(report({ records: [...records, lostRequest({ dueMs: 15_000 })] }).verdict, "failed");
    });

    it("tells of an interrupted rehearsal what has happened, and what has not", () => {
        const { verdict, faults, unfinished, problems } = report({ runs: runs.slice(0, 1), trouble: new DOMException("This operation was aborted", "AbortError") });
        assert.equal(verdict, "failed");
        assert.deepEqual(faults.map(({ fault, kept }) => [fault, kept]), [["scale-out", true]]);
        assert.deepEqual(unfinished, ["green-dies"]);
        assert.deepEqual(problems, ["it was interrupted"]);
        assert.equal(report({ runs: runs.slice(0, 1) }).verdict, "failed");
    });

    it("has failed when something ended it, although all have happened", () => {
        const { verdict, unfinished, problems } = report({ trouble: new Error("a port is taken") });
        assert.deepEqual([verdict, unfinished, problems], ["failed", [], ["a port is taken"]]);
    });

    it("has failed when not one has happened", () => {
        assert.equal(makeFaultsReport({ ...asked, names: [] }, { runs: [], records }).verdict, "failed");
        assert.deepEqual(report({ runs: [] }).unfinished, ["scale-out", "green-dies"]);
    });

    it("keeps what was seen when the load has died", () => {
        const { faults: [fault], problems } = report({ records: undefined, trouble: new Error("The load generator's process ended") });
        assert.equal(fault?.happened, "it took over");
        assert.deepEqual(fault.broken, ["what its requests saw is not known, so nothing is proved"]);
        assert.deepEqual(problems, ["The load generator's process ended"]);
    });

    it("counts requests that are lost while nothing goes wrong", () => {
        const { verdict, problems } = report({ records: [...records, lostRequest({ dueMs: 9_999 }), lostRequest({ dueMs: 30_000 }), lostRequest({ dueMs: 30_001 })] });
        assert.equal(verdict, "failed");
        assert.deepEqual(problems, ["1 of 101 requests failed before the first fault (1 × ECONNRESET)", "2 of 102 requests failed after the last fault (2 × ECONNRESET)"]);
    });

    it("leaves what is lost at the end to a fault that was interrupted", () => {
        assert.deepEqual(report({ runs: runs.slice(0, 1), records: [...records, lostRequest({ dueMs: 30_000 })] }).problems, []);
    });

    it("proves nothing when the load's clock and the faults' differ", () => {
        const shifted = (ms: number) => report({ records: records.map(each => ({ ...each, dueMs: each.dueMs + ms })) });
        assert.ok(shifted(10_000).problems.includes("no request was sent before the first fault, so nothing is proved"));
        assert.ok(shifted(-10_000).problems.includes("no request was sent after the last fault, so nothing is proved"));
        assert.equal(shifted(10_000).verdict, "failed");
        assert.equal(shifted(-10_000).verdict, "failed");
    });
});
