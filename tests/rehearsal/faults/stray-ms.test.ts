import assert from "node:assert/strict";
import { strayMsOf } from "../../../rehearsal/faults/stray-requests";

describe("The strays of a rehearsal", () => {
    for (const [what, ground, ms] of [
        ["come for as much of the drain as on AWS", { drainSeconds: 40, drainScale: 0.1, slowestSeconds: 0.5 }, 1700],
        ["leave a slow request its time where AWS does", { drainSeconds: 20, drainScale: 0.1, slowestSeconds: 1.2 }, 500],
        ["leave it none where AWS does not", { drainSeconds: 18, drainScale: 0.1, slowestSeconds: 1.2 }, 1700],
        ["outlast a drain that is shorter than they", { drainSeconds: 10, drainScale: 0.1, slowestSeconds: 0.01 }, 1700],
    ] as const) {
        it(what, () => { assert.ok(Math.abs(strayMsOf(ground) - ms) < 1e-6, `${strayMsOf(ground)} ms`); });
    }
});
