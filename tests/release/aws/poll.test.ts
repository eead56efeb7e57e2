import assert from "node:assert/strict";
import { DeliveryError } from "../../../release/aws/error";
import { nextPause, Poll, type PollOptions } from "../../../release/aws/poll";
import { FakeClock } from "../../support/aws/fake-clock";

const goesOn = "Deployment d-1 goes on.";

describe("asking AWS again and again", () => {
    it("pauses for 2 s, then longer up to 10 s, and for 2 s again after a change", () => {
        const pauses = [false, false, false, false, false, true, false].reduce<number[]>((before, changed) => [...before, nextPause(before.at(-1), changed)], []);
        assert.deepEqual(pauses, [2, 3, 4.5, 6.75, 10, 2, 3]);
    });

    it("pauses no shorter than what takes many calls asks for, and remembers its own pace", async () => {
        const { poll, clock } = open();
        await poll.rest(false);
        await poll.rest(false, 8);
        await poll.rest(false);
        assert.deepEqual(clock.waits, [2, 8, 4.5]);
    });

    it("tells once that AWS does not answer, asks on, and tells that it answers again", async () => {
        const { poll, clock, told } = open();
        assert.equal(await poll.ask(failing(3, cut())), "answer");
        assert.deepEqual(told, ["AWS cannot be asked now, and is asked again for 10 minutes: read ECONNRESET", "AWS answers again."]);
        assert.deepEqual(clock.waits, [2, 3, 4.5]);
        await poll.ask(failing(1, cut()));
        assert.equal(told.length, 4, "a second silence is told anew");
    });

    for (const [name, error] of [
        ["throttling", said("ThrottlingException", 400, "Rate exceeded")], ["a failure of AWS", said("InternalFailure", 500, "x")],
        ["too many requests", said("Whatever", 429, "x")], ["a time-out", Object.assign(new Error("x"), { name: "TimeoutError" })],
    ] as const) {
        it(`bears ${name}`, async () => {
            assert.equal(await open().poll.ask(failing(2, error)), "answer");
        });
    }

    it("gives up when AWS has not answered for ten minutes, counted from the first silence", async () => {
        const { poll, clock } = open();
        await poll.ask(failing(1, cut()));
        await assert.rejects(poll.ask(failing(Infinity, cut())), new DeliveryError(`AWS could not be asked for 10 minutes, last: read ECONNRESET. ${goesOn}`, "failed", { cause: cut() }));
        const silent = clock.waited - 2;
        assert.ok(silent >= 600 && silent < 610, String(silent));
    });

    it("is as patient as it is told", async () => {
        const { poll, clock } = open({ patienceMinutes: 1 });
        await assert.rejects(poll.ask(failing(Infinity, cut())), /could not be asked for 1 minutes/);
        assert.ok(clock.waited < 70, String(clock.waited));
    });

    it("ends at once at what lasts, and says what goes on", async () => {
        const { poll, clock, told } = open();
        const expired = said("ExpiredTokenException", 400, "The security token included in the request is expired");
        await assert.rejects(poll.ask(failing(1, expired)), (error: unknown) => {
            assert.ok(error instanceof DeliveryError);
            assert.equal(error.message, "AWS refuses the credentials: they have expired. Log in (aws sso login, AWS_PROFILE, or your CI's own step) and run the command again. Deployment d-1 goes on.");
            assert.equal(error.cause, expired);
            return true;
        });
        assert.deepEqual([clock.waits, told], [[], []]);
    });

    it("lets mistakes of its own through as they are", async () => {
        const mistake = new TypeError("x is not a function");
        await assert.rejects(open().poll.ask(failing(1, mistake)), mistake);
    });

    it("takes a question that hangs for silence", async () => {
        const { poll, told } = open({ questionSeconds: 0.01 });
        let asked = 0;
        const answer = await poll.ask(signal => {
            asked += 1;
            return asked > 1 ? Promise.resolve("answer") : new Promise((_, reject) => { signal.addEventListener("abort", () => { reject(new Error("Request aborted")); }); });
        });
        assert.equal(answer, "answer");
        assert.equal(told[0], "AWS cannot be asked now, and is asked again for 10 minutes: no answer within 0.01 s");
    });

    it("stops when it is interrupted while it waits, and says what goes on", async () => {
        const { poll, clock, stop, told } = open();
        clock.meanwhile(() => { stop.abort(); });
        await assert.rejects(poll.rest(false), { name: "AbortError" });
        assert.deepEqual(told, [goesOn]);
    });

    it("stops when it is interrupted while it asks, and never gives that answer out", async () => {
        const { poll, stop, told } = open();
        await assert.rejects(poll.ask(() => {
            stop.abort();
            return Promise.reject(new Error("Request aborted"));
        }), { name: "AbortError" });
        await assert.rejects(poll.ask(failing(0, cut())), { name: "AbortError" });
        assert.equal(told[0], goesOn);
    });
});

function open(options: Partial<PollOptions> = {}) {
    const clock = new FakeClock();
    const stop = new AbortController();
    const told: string[] = [];
    return { clock, stop, told, poll: new Poll({ clock, signal: stop.signal, warn: text => void told.push(text), goesOn, ...options }) };
}

function failing(times: number, error: Error): () => Promise<string> {
    let asked = 0;
    return () => {
        asked += 1;
        return asked > times ? Promise.resolve("answer") : Promise.reject(error);
    };
}

function cut(): Error {
    return Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
}

function said(name: string, httpStatusCode: number, message: string): Error {
    return Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });
}
