import assert from "node:assert/strict";
import { DeliveryError } from "../../../release/aws/error";
import { breakLock, type LockWish, readLock, StageLock, withLock } from "../../../release/aws/stage-lock";
import { expirySeconds, hold, type Lock, type Owner } from "../../../release/lock";
import type { Timer } from "../../../release/timer";
import { FakeClock } from "../../support/aws/fake-clock";
import { awsError, S3Double } from "./s3-double";
import { skewedS3 } from "./skewed-s3";

const ann: Owner = { who: "ann", host: "desk", pid: process.pid, machine: "m1" };
const bob: Owner = { who: "bob", host: "lap", pid: 7, machine: "m2" };
const bobs = "up of bob (process 7 on lap) since 2026-01-01T00:00:00Z";

/** Gives signs of life when a test says so. */
class HandTimer implements Timer {
    readonly running: (() => void)[] = [];
    readonly seconds: number[] = [];

    every(seconds: number, task: () => void): () => void {
        this.seconds.push(seconds);
        this.running.push(task);
        return () => { this.running.splice(this.running.indexOf(task), 1); };
    }

    async tick(): Promise<void> {
        for (const task of this.running) task();
        await new Promise(resolve => setImmediate(resolve));
    }
}

function open() {
    const s3 = new S3Double();
    const clock = new FakeClock();
    const timer = new HandTimer();
    const told: string[] = [];
    const stop = new AbortController();
    const tell: LockWish["tell"] = { step: text => void told.push(text), warn: text => void told.push(`warning: ${text}`) };
    const wish: LockWish = { stack: "dev", command: "roll", waitMinutes: 1, clock, tell, signal: stop.signal, timer };
    const put = (lock: Lock): void => { s3.put("lock.json", JSON.stringify(lock)); };
    const stored = (): Lock["holder"] => (JSON.parse(s3.objects.get("lock.json")?.body ?? "null") as Lock).holder;
    return { s3, clock, timer, told, stop, wish, put, stored, lock: new StageLock(s3.client, "bucket", ann, clock) };
}

describe("lock of a stage", () => {
    it("is held while the work lasts and free afterwards", async () => {
        const { lock, wish, stored, timer, told } = open();
        const result = await withLock(lock, wish, () => {
            const { token, ...holder } = stored() ?? { token: "" };
            assert.match(token, /^[0-9a-f-]{36}$/);
            assert.deepEqual(holder, { ...ann, command: "roll", since: "2026-01-01T00:00:00.000Z", expires: "2026-01-01T00:10:00.000Z" });
            return Promise.resolve("done");
        });
        assert.deepEqual([result, stored(), timer.running, told], ["done", null, [], []]);
    });

    it("is free also after work that fails, whose error is told", async () => {
        const { lock, wish, stored, timer } = open();
        await assert.rejects(withLock(lock, wish, () => Promise.reject(new Error("no image"))), { message: "no image" });
        assert.deepEqual([stored(), timer.running], [null, []]);
    });

    it("gives a sign of life each minute", async () => {
        const { lock, wish, stored, timer, clock } = open();
        await withLock(lock, wish, async () => {
            clock.pass(60);
            await timer.tick();
            assert.deepEqual([stored()?.since, stored()?.expires, timer.seconds], ["2026-01-01T00:00:00.000Z", "2026-01-01T00:11:00.000Z", [60]]);
        });
    });

    it("is waited for while somebody holds it, and says so once", async () => {
        const { lock, wish, put, clock, told, stored } = open();
        put(hold(bob, "up", "t1", clock.now()));
        clock.meanwhile(waits => { if (waits === 3) put({ schemaVersion: 1, holder: null }); });
        await withLock(lock, wish, () => { assert.equal(stored()?.who, "ann"); return Promise.resolve(); });
        assert.deepEqual([told, clock.waits], [[`waiting for the lock: ${bobs}`], [5, 5, 5]]);
    });

    it("is left to its holder when that takes longer than one would wait", async () => {
        const { lock, wish, put, clock, stored } = open();
        put(hold(bob, "up", "t1", clock.now()));
        await assert.rejects(
            withLock(lock, wish, () => Promise.reject(new Error("works without the lock"))),
            new DeliveryError(`dev is locked: ${bobs}. Wait for its end. When its process is surely dead: ./gapless unlock dev`, "needsPerson"),
        );
        assert.deepEqual([clock.waited, stored()?.who], [60, "bob"]);
    });

    it("is not waited for at all when one waits no minute", async () => {
        const { lock, wish, put, clock } = open();
        put(hold(bob, "up", "t1", clock.now()));
        await assert.rejects(withLock(lock, { ...wish, waitMinutes: 0 }, () => Promise.resolve()), { kind: "needsPerson" });
        assert.deepEqual(clock.waits, []);
    });

    it("is waited for until Ctrl-C", async () => {
        const { lock, wish, put, clock, stop } = open();
        put(hold(bob, "up", "t1", clock.now()));
        clock.meanwhile(() => { stop.abort(); });
        await assert.rejects(withLock(lock, wish, () => Promise.resolve()), { name: "AbortError" });
    });

    it("is taken over when its holder gives no sign of life", async () => {
        const { lock, wish, put, clock, told } = open();
        put(hold(bob, "up", "t1", clock.now()));
        clock.pass(expirySeconds);
        await withLock(lock, wish, () => Promise.resolve());
        assert.deepEqual(told, [`warning: took over the lock of ${bobs}: it has given no sign of life and ended at 2026-01-01T00:10:00Z`]);
    });

    it("is taken over at once when its process on this machine is gone", async () => {
        const { lock, wish, put, clock, told } = open();
        put(hold({ ...bob, machine: "m1", pid: 2 ** 30 }, "up", "t1", clock.now()));
        await withLock(lock, wish, () => Promise.resolve());
        assert.deepEqual(told, ["warning: took over the lock of up of bob (process 1073741824 on lap) since 2026-01-01T00:00:00Z: its process is gone"]);
    });

    it("is never held by two, whoever comes first", async () => {
        const { s3, lock, wish, clock } = open();
        const other = new StageLock(s3.client, "bucket", { ...bob, pid: process.pid, machine: "m1" }, clock);
        let inside = 0;
        const work = async (): Promise<void> => {
            inside += 1;
            assert.equal(inside, 1);
            for (let turns = 0; turns < 5; turns += 1) await new Promise(resolve => setImmediate(resolve));
            inside -= 1;
        };
        const patient = { ...wish, waitMinutes: 600 };
        await Promise.all([withLock(lock, patient, work), withLock(other, patient, work), withLock(lock, patient, work)]);
    });

    it("is its own also when the answer to its taking got lost", async () => {
        const { s3, lock, wish, told } = open();
        // As the SDK does when it has written and heard nothing: it writes once more, and is refused.
        s3.beforeWrites.push(body => { s3.put("lock.json", body); });
        assert.equal(await withLock(lock, { ...wish, waitMinutes: 0 }, () => Promise.resolve("worked")), "worked");
        assert.deepEqual(told, []);
    });

    it("stops the work when somebody has taken it over, and leaves it to them", async () => {
        const { lock, wish, put, clock, timer, told, stored } = open();
        const lost = `The lock of dev was lost to ${bobs}, so this begins nothing more. What has begun: ./gapless status dev`;
        await assert.rejects(withLock(lock, wish, async signal => {
            put(hold(bob, "up", "t1", clock.now()));
            await timer.tick();
            signal.throwIfAborted();
        }), new DeliveryError(lost, "needsPerson"));
        assert.deepEqual([told, stored()?.who], [[`warning: ${lost}`], "bob"]);
    });

    it("says so when somebody has removed it", async () => {
        const { lock, wish, put, timer, told } = open();
        await withLock(lock, wish, async () => {
            put({ schemaVersion: 1, holder: null });
            await timer.tick();
        });
        assert.deepEqual(told, ["warning: The lock of dev was lost to whoever removed it, so this begins nothing more. What has begun: ./gapless status dev"]);
    });

    it("goes on through a renewal and a release that fail", async () => {
        const { s3, lock, wish, timer, told, clock } = open();
        await withLock(lock, wish, async signal => {
            clock.pass(60);
            s3.beforeWrites.push(awsError("SlowDown", 503, "Please reduce your request rate."));
            await timer.tick();
            assert.equal(signal.aborted, false);
            s3.beforeWrites.push(awsError("AccessDenied", 403, "Access Denied"));
        });
        assert.deepEqual(told, [
            "warning: the lock could not be renewed: Please reduce your request rate.",
            "warning: the lock could not be freed and ends by itself in 10 minutes: Access Denied",
        ]);
    });

    it("stops the work before others may take it when it cannot be renewed, and says so once", async () => {
        const { s3, lock, wish, timer, told, clock, stored } = open();
        const lost = "The lock of dev could not be renewed, and from 2026-01-01T00:10:00Z on others may take it, so this begins nothing more. What has begun: ./gapless status dev";
        await assert.rejects(withLock(lock, wish, async signal => {
            for (let minute = 1; minute <= 11; minute += 1) {
                clock.pass(60);
                s3.beforeWrites.splice(0, 1, awsError("SlowDown", 503, "Please reduce your request rate."));
                await timer.tick();
                assert.equal(signal.aborted, minute >= 9, `minute ${minute}`);
            }
            s3.beforeWrites.splice(0);
            signal.throwIfAborted();
        }), new DeliveryError(lost, "needsPerson"));
        assert.deepEqual(told, [...Array<string>(8).fill("warning: the lock could not be renewed: Please reduce your request rate."), `warning: ${lost}`]);
        assert.equal(stored(), null);
    });

    it("lasts from the last renewal that succeeded", async () => {
        const { s3, lock, wish, timer, clock } = open();
        await withLock(lock, wish, async signal => {
            for (let minute = 1; minute <= 15; minute += 1) {
                clock.pass(60);
                if (minute > 5) s3.beforeWrites.splice(0, 1, awsError("SlowDown", 503));
                await timer.tick();
                assert.equal(signal.aborted, minute >= 14, `minute ${minute}`);
            }
            s3.beforeWrites.splice(0);
        });
    });

    it("asks AWS nothing more once it is lost", async () => {
        const { s3, lock, wish, put, clock, timer } = open();
        await withLock(lock, wish, async () => {
            put(hold(bob, "up", "t1", clock.now()));
            await timer.tick();
            const calls = s3.calls.length;
            await timer.tick();
            assert.equal(s3.calls.length, calls);
        });
    });

    it("is held and judged by the clock of S3, whatever this machine's says", async () => {
        const stop = new AbortController();
        await using skewed = await skewedS3(3600);
        const clock = new FakeClock(new Date().toISOString());
        const lock = new StageLock(skewed.client, "bucket", ann, clock);
        const { wish } = open();
        skewed.put(hold(bob, "up", "t1", new Date(clock.now().getTime() + 2_900_000)));
        assert.equal((await readLock(lock, stop.signal)).standing, "expired");
        skewed.put(hold(bob, "up", "t1", new Date(clock.now().getTime() + 3_300_000)));
        assert.equal((await readLock(lock, stop.signal)).standing, "held");
        await assert.rejects(withLock(lock, { ...wish, waitMinutes: 0 }, () => Promise.resolve()), { kind: "needsPerson" });
    });

    it("tells the work of Ctrl-C", async () => {
        const { lock, wish, stop, stored } = open();
        await assert.rejects(withLock(lock, wish, signal => {
            stop.abort();
            signal.throwIfAborted();
            return Promise.resolve();
        }), { name: "AbortError" });
        assert.equal(stored(), null);
    });

    it("leaves Ctrl-C to be told when the lock is lost only after it", async () => {
        const { lock, wish, stop, put, clock, timer } = open();
        await assert.rejects(withLock(lock, wish, async signal => {
            stop.abort();
            put(hold(bob, "up", "t1", clock.now()));
            await timer.tick();
            signal.throwIfAborted();
        }), { name: "AbortError" });
    });

    it("is read with how it stands, and broken only for the hold that was seen", async () => {
        const { lock, put, clock, stored } = open();
        assert.deepEqual(await readLock(lock), { holder: null, standing: "free" });
        const { holder } = hold(bob, "up", "t1", clock.now());
        put({ schemaVersion: 1, holder });
        assert.deepEqual(await readLock(lock), { holder, standing: "held" });
        assert.ok(holder);
        assert.equal(await breakLock(lock, { ...holder, token: "t0" }), false);
        assert.equal(stored()?.token, "t1");
        assert.equal(await breakLock(lock, holder), true);
        assert.equal(stored(), null);
    });
});
