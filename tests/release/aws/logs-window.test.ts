import assert from "node:assert/strict";
import { LogWindow } from "../../../release/aws/logs-window";

const at = (seconds: number) => new Date(seconds * 1000);
const event = (id: string, seconds: number) => ({ id, timestamp: seconds * 1000 });

describe("the part of a log that is still to be read", () => {
    it("begins where it was asked for, and holds each event once", () => {
        const window = new LogWindow(at(100));
        assert.equal(window.from, 100_000);
        assert.deepEqual([event("a", 100), event("b", 100), event("a", 100)].map(each => window.admit(each)), [true, true, false]);
    });

    it("moves on to a minute before the newest event, so that what comes late is not lost, and is still told once", () => {
        const window = new LogWindow(at(100));
        window.admit(event("a", 300));
        window.admit(event("b", 290));
        window.complete(at(305));
        assert.equal(window.from, 240_000);
        assert.deepEqual([event("a", 300), event("late", 241), event("b", 290)].map(each => window.admit(each)), [false, true, false]);
    });

    it("stays when nothing came, and never goes back", () => {
        const window = new LogWindow(at(100));
        window.complete(at(500));
        assert.equal(window.from, 100_000);
        window.admit(event("a", 130));
        window.complete(at(500));
        assert.equal(window.from, 100_000);
    });

    it("does not run ahead with a host whose clock is fast", () => {
        const window = new LogWindow(at(100));
        window.admit(event("a", 4000));
        window.complete(at(400));
        assert.equal(window.from, 340_000);
    });

    it("forgets what cannot come again", () => {
        const window = new LogWindow(at(0));
        window.admit(event("a", 10));
        window.admit(event("b", 100));
        window.complete(at(100));
        // 10 s lies before the 40 s from which is asked now; 100 s does not.
        assert.deepEqual([window.admit(event("a", 10)), window.admit(event("b", 100))], [true, false]);
    });
});
