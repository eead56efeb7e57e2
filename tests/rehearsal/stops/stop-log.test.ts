import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { readContainerEvent } from "../../../rehearsal/stops/container-event";
import { StopLog } from "../../../rehearsal/stops/stop-log";

const image = `127.0.0.1:5000/app@sha256:${"1".repeat(64)}`;

/** A line as Docker prints it, without what nobody reads. */
function line(action: string, atMs: number, about: Readonly<Record<string, string>>, name = "gapless-123456-i-1"): string {
    return JSON.stringify({ status: action, Type: "container", Action: action, Actor: { ID: "0", Attributes: { image, name, "gapless.run": "gapless-123456", ...about } }, timeNano: atMs * 1e6 });
}

function stopsIn(...lines: readonly string[]) {
    const log = new StopLog("gapless-123456", [{ image, version: "v1" }]);
    for (const event of lines.flatMap(each => readContainerEvent(each) ?? [])) log.add(event);
    return log.stops;
}

describe("the log of stops", () => {
    it("tells from signal to end who was stopped, and how that ended", () => {
        assert.deepEqual(stopsIn(line("kill", 1000.25, { signal: "15" }), line("die", 1400.5, { exitCode: "0" })), [
            { instance: "i-1", version: "v1", atMs: 1000.25, endedMs: 1400.5, signal: 15, exitCode: 0 },
        ]);
    });

    it("begins a stop with the first signal, whatever comes after it", () => {
        const [stop] = stopsIn(line("kill", 1000, { signal: "15" }), line("kill", 31_000, { signal: "9" }), line("die", 31_020, { exitCode: "137" }));
        assert.deepEqual([stop?.atMs, stop?.signal, stop?.exitCode, stop?.endedMs], [1000, 15, 137, 31_020]);
        assert.deepEqual(stopsIn(line("kill", 1000, { signal: "3" }), line("kill", 1500, { signal: "15" }), line("die", 2000, { exitCode: "0" })).map(({ atMs, signal }) => [atMs, signal]), [[1000, 3]]);
    });

    it("holds no container that was killed without a word, or that ended by itself", () => {
        assert.deepEqual(stopsIn(line("kill", 1000, { signal: "9" }), line("die", 1020, { exitCode: "137" })), []);
        assert.deepEqual(stopsIn(line("die", 1020, { exitCode: "1" })), []);
    });

    it("holds each of several stops of an instance, and tells containers apart", () => {
        const stops = stopsIn(
            line("kill", 1000, { signal: "15" }), line("kill", 1001, { signal: "15" }, "gapless-123456-i-2"),
            line("die", 1200, { exitCode: "143" }, "gapless-123456-i-2"), line("die", 1300, { exitCode: "0" }),
            line("kill", 9000, { signal: "15", image: "other" }), line("die", 9100, { exitCode: "0", image: "other" }),
        );
        assert.deepEqual(stops.map(({ instance, version, atMs, exitCode }) => [instance, version, atMs, exitCode]), [
            ["i-2", "v1", 1001, 143], ["i-1", "v1", 1000, 0], ["i-1", undefined, 9000, 0],
        ]);
    });

    it("passes over events of other kinds", () => {
        assert.equal(readContainerEvent(line("start", 1000, {})), undefined);
        assert.equal(readContainerEvent(line("exec_create: sh -c true", 1000, {})), undefined);
    });
});
