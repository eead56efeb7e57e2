import assert from "node:assert/strict";
import { type FaultRun, judgeFault } from "../../../rehearsal/faults/judge-fault";
import { lostRequest, request } from "../report/material";

/** Ten seconds of a fault, from 10 s to 20 s; a request every 100 ms. */
const run: FaultRun = {
    fault: { name: "scale-out", onAws: "It grows.", promise: "it is matched" }, happened: "it took over", broken: [], startMs: 10_000, endMs: 20_000,
};
const sound = Array.from({ length: 300 }, (_, k) => request({ dueMs: k * 100 }));

describe("A fault's verdict", () => {
    it("is that its promise was kept when nothing was lost in its time", () => {
        const outside = [lostRequest({ dueMs: 9_999 }), lostRequest({ dueMs: 20_000 })];
        assert.deepEqual(judgeFault(run, [...sound, ...outside], 10), {
            fault: "scale-out", onAws: "It grows.", promise: "it is matched", happened: "it took over", seconds: 10,
            requests: { total: 100, failed: 0, mayFail: 0 }, kept: true, broken: [],
        });
    });

    it("is that it was not kept when one request was lost", () => {
        const { kept, broken, requests } = judgeFault(run, [...sound, lostRequest({ dueMs: 10_000 }), request({ dueMs: 19_999, status: 503 })], 10);
        assert.equal(kept, false);
        assert.deepEqual(requests, { total: 102, failed: 2, mayFail: 0 });
        assert.deepEqual(broken, ["2 of 102 requests failed (1 × ECONNRESET, 1 × 503), and 0 may"]);
    });

    it("allows what cannot be less, and no request more", () => {
        const mayLose = { requests: 2, because: "they were in flight" };
        const lost = (count: number) => [...sound, ...Array.from({ length: count }, () => lostRequest({ dueMs: 15_000 }))];
        assert.equal(judgeFault({ ...run, mayLose }, lost(2), 10).kept, true);
        assert.equal(judgeFault({ ...run, mayLose }, lost(3), 10).kept, false);
        assert.deepEqual(judgeFault({ ...run, mayLose }, lost(2), 10).requests, { total: 102, failed: 2, mayFail: 2, because: "they were in flight" });
    });

    for (const requests of [NaN, Infinity]) {
        it(`is that nothing was proved when ${requests} requests may fail`, () => {
            const { broken } = judgeFault({ ...run, mayLose: { requests, because: "nobody counted" } }, sound, 10);
            assert.deepEqual(broken, [`the bound of requests that may fail is ${requests}, so nothing is proved`]);
        });
    }

    it("is that it was not kept when somebody was answered by a release that nobody should see", () => {
        const answered = [...sound, request({ dueMs: 15_000, version: "bad" })];
        assert.deepEqual(judgeFault({ ...run, unseen: "bad" }, answered, 10).broken, ["1 requests were answered by the release that nobody should see"]);
        assert.equal(judgeFault({ ...run, unseen: "bad" }, sound, 10).kept, true);
    });

    it("is that it was not kept when the fault itself found something", () => {
        assert.deepEqual(judgeFault({ ...run, broken: ["green serves, and its end is scheduled"] }, sound, 10).broken, ["green serves, and its end is scheduled"]);
    });

    it("is that nothing was proved when too little was asked", () => {
        assert.deepEqual(judgeFault(run, sound.slice(0, 150), 10).broken, ["only 50 of 100 requests were sent, so nothing is proved"]);
        assert.equal(judgeFault(run, sound.slice(0, 190), 10).kept, true);
        assert.equal(judgeFault({ ...run, endMs: 10_000 }, sound, 10).kept, false);
    });

    it("is that nothing was proved when requests were sent long after they were due, as by a machine that slept", () => {
        const late = (count: number) => sound.map((each, k) => (k >= 100 && k < 100 + count ? { ...each, lagMs: 1_001 } : each));
        assert.deepEqual(judgeFault(run, late(11), 10).broken, ["only 89 of 100 requests were sent when they were due, so nothing is proved"]);
        assert.equal(judgeFault(run, late(10), 10).kept, true);
        assert.equal(judgeFault(run, sound.map(each => ({ ...each, lagMs: 1_000 })), 10).kept, true);
    });

    it("is that nothing was proved when the load has died, beside what the fault itself found", () => {
        const { broken, requests } = judgeFault({ ...run, broken: ["green serves"] }, undefined, 10);
        assert.deepEqual(broken, ["green serves", "what its requests saw is not known, so nothing is proved"]);
        assert.deepEqual(requests, { total: 0, failed: 0, mayFail: 0 });
    });
});
