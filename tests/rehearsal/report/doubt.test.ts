import assert from "node:assert/strict";
import { doubtOf } from "../../../rehearsal/report/doubt";
import { request } from "./material";

const times = { startMs: 10_000, endMs: 20_000 };
const sound = { ratePerSecond: 10, lagP99Ms: 20 };
const every100Ms = (from: number, to: number) =>
    Array.from({ length: (to - from) / 100 }, (_, k) => request({ dueMs: from + k * 100 }));

describe("Doubt about a measurement", () => {
    it("is none when the load ran at its rate from before the rollout until after it", () => {
        assert.equal(doubtOf(every100Ms(0, 30_000), times, sound), undefined);
    });

    for (const [what, records, quality, doubt] of [
        ["the load ended in the middle", every100Ms(0, 15_000), sound, "only 50 of 100 requests were sent during the rollout"],
        ["the load was thinner than asked for", every100Ms(0, 30_000), { ...sound, ratePerSecond: 20 }, "only 100 of 200 requests were sent during the rollout"],
        ["nobody asked before", every100Ms(10_000, 30_000), sound, "no request was sent before the rollout"],
        ["nobody asked afterwards", every100Ms(0, 20_000), sound, "no request was sent after the rollout"],
        ["the generator was late", every100Ms(0, 30_000), { ...sound, lagP99Ms: 2_500 }, "this machine sent requests up to 2.5 s late"],
    ] as const) {
        it(`says that ${what}`, () => { assert.equal(doubtOf(records, times, quality), doubt); });
    }
});
