import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { ErrorWatch } from "../../../rehearsal/codedeploy/error-watch";
import type { ErrorAlarm } from "../../../rehearsal/program/error-alarm";
import { FakeClock } from "../../support/aws/fake-clock";

const never = new AbortController().signal;
const alarmOf = (percent: number, minimumRequests: number, datapointsToAlarm = 1, evaluationPeriods = 3): ErrorAlarm => ({ percent, minimumRequests, evaluationPeriods, datapointsToAlarm });

/** Counts of a target group, whose minutes pass when a test says so. */
class Minutes {
    readonly clock = new FakeClock();
    readonly count = { requests: 1000, errors: 50, errorsOfTargets: 40, healthy: 2 };
    readonly troubles: string[] = [];
    /** Whether the balancer does not answer now. */
    silent = false;
    #over: () => void = () => undefined;

    constructor() {
        this.clock.meanwhile(() => new Promise(resolve => { this.#over = resolve; }));
    }

    watch(alarm = alarmOf(5, 20), timeScale = 1, signal = never): ErrorWatch {
        return new ErrorWatch({
            alarm, timeScale, clock: this.clock, signal, onTrouble: trouble => { this.troubles.push(trouble); },
            counted: () => (this.silent ? Promise.reject(new Error("no socket")) : Promise.resolve({ ...this.count })),
        });
    }

    /** @param ofTargets those of the errors that targets answered themselves */
    async pass(requests: number, errors: number, ofTargets = errors): Promise<void> {
        this.count.requests += requests;
        this.count.errors += errors;
        this.count.errorsOfTargets += ofTargets;
        const before = this.clock.waits.length;
        this.#over();
        while (this.clock.waits.length === before && this.troubles.length === 0) await turn();
    }

    async begin(): Promise<void> {
        while (this.clock.waits.length === 0) await turn();
    }

    async end(watch: ErrorWatch): Promise<void> {
        const ended = watch[Symbol.asyncDispose]();
        this.#over();
        await ended;
    }
}

describe("alarm on errors", () => {
    const minutes: readonly (readonly [what: string, alarm: ErrorAlarm, timeScale: number, asked: number, failed: number, fires: boolean])[] = [
        ["more than its percent", alarmOf(5, 20), 1, 100, 6, true],
        ["its percent and no more", alarmOf(5, 20), 1, 100, 5, false],
        ["fewer requests than it looks at", alarmOf(5, 20), 1, 19, 19, false],
        ["as many requests as it looks at", alarmOf(5, 20), 1, 20, 20, true],
        ["a tenth of that in a tenth of the time", alarmOf(5, 20), 0.1, 2, 2, true],
        ["less than a tenth in a tenth of the time", alarmOf(5, 20), 0.1, 1, 1, false],
        ["no request at all", alarmOf(0, 0), 1, 0, 0, false],
    ];
    for (const [what, alarm, timeScale, asked, failed, fires] of minutes) {
        it(`${fires ? "fires" : "does not fire"} at a minute with ${what}`, async () => {
            const time = new Minutes();
            const watch = time.watch(alarm, timeScale);
            await time.begin();
            await time.pass(asked, failed);
            assert.equal(watch.firing !== undefined, fires, watch.firing);
            await time.end(watch);
        });
    }

    it("looks at whole minutes, says why, and is over when three good ones have followed", async () => {
        const time = new Minutes();
        const watch = time.watch();
        await time.begin();
        const seen: boolean[] = [];
        for (const errors of [0, 9, 0, 0, 0]) {
            await time.pass(100, errors);
            seen.push(watch.firing !== undefined);
            if (errors > 0) assert.equal(watch.firing, "9 of 100 requests of a minute were answered with 5xx, more than 5 percent");
        }
        assert.deepEqual(seen, [false, true, true, true, false]);
        assert.deepEqual(new Set(time.clock.waits), new Set([60]));
        await time.end(watch);
    });

    it("tells a listener once, at once when it fires already, and none that has gone", async () => {
        const time = new Minutes();
        const watch = time.watch();
        const heard: string[] = [];
        await time.begin();
        watch.onFiring(() => heard.push("early"));
        watch.onFiring(() => heard.push("gone"))[Symbol.dispose]();
        await time.pass(100, 50);
        await time.pass(100, 50);
        watch.onFiring(() => heard.push("late"));
        assert.deepEqual(heard, ["early", "late"]);
        await time.end(watch);
    });

    it("fires as long as another alarm of the group does", async () => {
        const time = new Minutes();
        const watch = time.watch();
        const heard: string[] = [];
        watch.onFiring(() => heard.push(watch.firing ?? ""));
        {
            using _other = watch.fire("answers are slow");
            assert.equal(watch.firing, "answers are slow");
        }
        assert.deepEqual([heard, watch.firing], [["answers are slow"], undefined]);
        await time.begin();
        await time.end(watch);
    });

    it("fires when as many of its minutes are bad as it says, and no earlier", async () => {
        const time = new Minutes();
        const watch = time.watch(alarmOf(5, 20, 2, 4));
        const heard: string[] = [];
        watch.onFiring(() => heard.push("fires"));
        await time.begin();
        const seen: boolean[] = [];
        for (const errors of [50, 0, 0, 50, 0, 0, 0]) {
            await time.pass(100, errors);
            assert.equal(heard.length, watch.firing !== undefined || seen.includes(true) ? 1 : 0);
            seen.push(watch.firing !== undefined);
        }
        assert.deepEqual(seen, [false, false, false, true, false, false, false]);
        await time.end(watch);
    });

    for (const [what, healthy, errors, ofTargets, fires] of [
        ["while no target is healthy", [0, 0], 50, 50, false],
        ["while targets become healthy, by what these answer", [0, 2], 50, 6, true],
        ["while targets become unhealthy, but not by what is answered in their place", [2, 0], 50, 5, false],
        ["while targets are healthy, by what is answered in their place", [2, 1], 50, 0, true],
    ] as const) {
        it(`${fires ? "fires" : "does not fire"} ${what}`, async () => {
            const time = new Minutes();
            time.count.healthy = healthy[0];
            const watch = time.watch();
            await time.begin();
            time.count.healthy = healthy[1];
            await time.pass(100, errors, ofTargets);
            assert.equal(watch.firing !== undefined, fires, watch.firing);
            await time.end(watch);
        });
    }

    describe("whose look the balancer leaves unanswered", () => {
        it("takes the minutes on both sides of it for good ones, and looks on", async () => {
            const time = new Minutes();
            const watch = time.watch();
            await time.begin();
            const seen: boolean[] = [];
            for (const silent of [true, true, false, false]) {
                time.silent = silent;
                await time.pass(100, 50);
                seen.push(watch.firing !== undefined);
            }
            assert.deepEqual([seen, time.troubles], [[false, false, false, true], []]);
            await time.end(watch);
        });

        it("begins to count anew after one that is answered", async () => {
            const time = new Minutes();
            const watch = time.watch();
            await time.begin();
            for (const silent of [true, true, false, true, true, false]) {
                time.silent = silent;
                await time.pass(0, 0);
            }
            assert.deepEqual(time.troubles, []);
            await time.end(watch);
        });

        it("gives up at the third in a row, says so, and does not fire for ever", async () => {
            const time = new Minutes();
            const watch = time.watch();
            await time.begin();
            await time.pass(100, 50);
            assert.ok(watch.firing !== undefined);
            time.silent = true;
            for (let look = 0; look < 3; look++) await time.pass(0, 0);
            assert.deepEqual([time.troubles, watch.firing], [["The alarm on errors looks no more: no socket"], undefined]);
            await watch[Symbol.asyncDispose]();
        });

        it("has no trouble to tell when it is over by then", async () => {
            const time = new Minutes();
            time.silent = true;
            const watch = time.watch();
            await time.begin();
            await time.end(watch);
            assert.deepEqual(time.troubles, []);
        });
    });

    it("ends with what it belongs to", async () => {
        const time = new Minutes();
        const end = new AbortController();
        const watch = time.watch(undefined, 1, end.signal);
        await time.begin();
        end.abort();
        await time.end(watch);
        assert.equal(time.clock.waits.length, 1);
    });
});
