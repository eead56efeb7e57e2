import assert from "node:assert/strict";
import fc from "fast-check";
import { describeHolder, expirySeconds, freeLock, hold, release, renew, standing } from "../../release/lock";

const begin = new Date("2026-01-01T00:00:00.000Z");
const owner = { who: "ann", host: "desk", pid: 7, machine: "m1" };
const held = hold(owner, "roll", "t1", begin);
const later = (seconds: number): Date => new Date(begin.getTime() + seconds * 1000);
const alive = (): boolean => true;
const gone = (): boolean => false;

describe("lock", () => {
    for (const [what, lock, seconds, machine, isAlive, expected] of [
        ["free when nobody holds it", freeLock, 0, "m1", alive, "free"],
        ["held until it expires", held, expirySeconds - 1, "m1", alive, "held"],
        ["expired after that, also when the process is still there", held, expirySeconds, "m1", alive, "expired"],
        ["without its owner when that process is gone on this machine", held, 0, "m1", gone, "ownerGone"],
        ["held when a process of that number is gone on another machine", held, 0, "m2", gone, "held"],
        ["held when nothing tells this machine from others", held, 0, undefined, gone, "held"],
        ["held when nothing told its owner's machine from others", hold({ ...owner, machine: undefined }, "roll", "t1", begin), 0, undefined, gone, "held"],
    ] as const) {
        it(`is ${what}`, () => { assert.equal(standing(lock, later(seconds), machine, isAlive), expected); });
    }

    it("is held for as long as a sign of life comes in time, and no second longer", () => {
        fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: expirySeconds - 1 }), { maxLength: 20 }), pauses => {
            let lock = held;
            let seconds = 0;
            for (const pause of pauses) {
                seconds += pause;
                assert.equal(standing(lock, later(seconds), "m1", alive), "held");
                lock = renew(lock, "t1", later(seconds));
            }
            assert.equal(standing(lock, later(seconds + expirySeconds - 1), "m1", alive), "held");
            assert.equal(standing(lock, later(seconds + expirySeconds), "m1", alive), "expired");
        }));
    });

    it("keeps saying since when it is held", () => {
        assert.deepEqual(renew(held, "t1", later(60)).holder, { ...held.holder, expires: later(60 + expirySeconds).toISOString() });
    });

    it("is neither renewed nor freed by who holds it no more", () => {
        assert.equal(renew(held, "t0", later(60)), held);
        assert.equal(release(held, "t0"), held);
        assert.equal(release(freeLock, "t1"), freeLock);
    });

    it("is free after its holder has given it back", () => { assert.deepEqual(release(held, "t1"), freeLock); });

    it("says who holds it", () => {
        assert.equal(held.holder && describeHolder(held.holder), "roll of ann (process 7 on desk) since 2026-01-01T00:00:00Z");
    });
});
