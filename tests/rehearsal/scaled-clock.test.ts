import assert from "node:assert/strict";
import { syncBuiltinESMExports } from "node:module";
import timers from "node:timers/promises";
import { deadlineScale, ScaledClock } from "../../rehearsal/scaled-clock";

describe("scaled clock", () => {
    const { setTimeout: sleep } = timers;
    const now = performance.now.bind(performance);
    let slept: number[];
    beforeEach(() => {
        slept = [];
        timers.setTimeout = <T>(ms = 0, value?: T): Promise<T> => {
            slept.push(ms);
            return Promise.resolve(value as T);
        };
        syncBuiltinESMExports();
    });
    afterEach(() => {
        timers.setTimeout = sleep;
        syncBuiltinESMExports();
        performance.now = now;
    });

    it("waits a tenth of the seconds at a tenth of the time", async () => {
        await new ScaledClock(0.1).wait(60, new AbortController().signal);
        assert.deepEqual(slept, [6000]);
    });

    it("goes ten times as fast meanwhile, so that a deadline comes when as many of its seconds were waited", () => {
        performance.now = () => 1000;
        const clock = new ScaledClock(0.1);
        const begun = clock.now().getTime();
        performance.now = () => 7000;
        assert.equal(clock.now().getTime() - begun, 60_000);
    });

    it("leaves a driver a minute for work whose deadline on AWS are two, and waits for nothing longer", async () => {
        performance.now = () => 1000;
        const clock = new ScaledClock(0.1, deadlineScale(0.1));
        const begun = clock.now().getTime();
        performance.now = () => 61_000;
        assert.equal(clock.now().getTime() - begun, 120_000);
        await clock.wait(60, new AbortController().signal);
        assert.deepEqual(slept, [6000]);
    });

    it("has deadlines as on AWS in AWS's own time", () => {
        assert.equal(deadlineScale(1), 1);
    });
});
