import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { ErrorWatch } from "../../../rehearsal/codedeploy/error-watch";
import { FakeClock } from "../../support/aws/fake-clock";

const never = new AbortController().signal;

/** Counts of a target group, whose minutes pass when a test says so. */
class Minutes {
    readonly clock = new FakeClock();
    readonly count = { requests: 1000, errors: 50 };
    #over: () => void = () => undefined;

    constructor() {
        this.clock.meanwhile(() => new Promise(resolve => { this.#over = resolve; }));
    }

    watch(alarm = { percent: 5, minimumRequests: 20 }, timeScale = 1, signal = never): ErrorWatch {
        return new ErrorWatch({ alarm, timeScale, clock: this.clock, signal, answered: () => Promise.resolve({ ...this.count }) });
    }

    async pass(requests: number, errors: number): Promise<void> {
        this.count.requests += requests;
        this.count.errors += errors;
        const before = this.clock.waits.length;
        this.#over();
        while (this.clock.waits.length === before) await turn();
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
    const minutes: readonly (readonly [what: string, alarm: { percent: number; minimumRequests: number }, timeScale: number, asked: number, failed: number, fires: boolean])[] = [
        ["more than its percent", { percent: 5, minimumRequests: 20 }, 1, 100, 6, true],
        ["its percent and no more", { percent: 5, minimumRequests: 20 }, 1, 100, 5, false],
        ["fewer requests than it looks at", { percent: 5, minimumRequests: 20 }, 1, 19, 19, false],
        ["as many requests as it looks at", { percent: 5, minimumRequests: 20 }, 1, 20, 20, true],
        ["a tenth of that in a tenth of the time", { percent: 5, minimumRequests: 20 }, 0.1, 2, 2, true],
        ["less than a tenth in a tenth of the time", { percent: 5, minimumRequests: 20 }, 0.1, 1, 1, false],
        ["no request at all", { percent: 0, minimumRequests: 0 }, 1, 0, 0, false],
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

    it("tells whoever ends it that the balancer could not be asked", async () => {
        const watch = new ErrorWatch({
            alarm: { percent: 5, minimumRequests: 20 }, timeScale: 1, clock: new FakeClock(), signal: never, answered: () => Promise.reject(new Error("no socket")),
        });
        await turn();
        await assert.rejects(watch[Symbol.asyncDispose](), { message: "no socket" });
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
