import assert from "node:assert/strict";
import { runningAt, spansOf } from "../../../rehearsal/report/running-at";
import { at } from "./material";

const events = [
    at(9, "RolloutStarted"),
    at(10, "BlockTraffic", { instance: "i-1", status: "started" }),
    at(11, "BlockTraffic", { instance: "i-2", status: "started" }),
    at(12, "BlockTraffic", { instance: "i-2", status: "succeeded" }),
    at(12.5, "Install", { instance: "i-1", status: "skipped" }),
    at(13, "BlockTraffic", { instance: "i-1", status: "failed" }),
    at(14, "Install", { instance: "i-2", status: "started" }),
];

describe("The lifecycle events of a time", () => {
    it("end with what ends them, and go on where nothing does", () => {
        assert.deepEqual(spansOf(events), [
            { instance: "i-1", event: "BlockTraffic", startMs: 10_000, endMs: 13_000 },
            { instance: "i-2", event: "BlockTraffic", startMs: 11_000, endMs: 12_000 },
            { instance: "i-2", event: "Install", startMs: 14_000, endMs: Infinity },
        ]);
    });

    it("are those that ran at any moment of it", () => {
        const running = (from: number, until: number) => runningAt(events, from * 1000, until * 1000).map(({ instance }) => instance);
        assert.deepEqual([running(0, 9), running(12, 12.5), running(9, 20), running(13.1, 13.9), running(30, 31)], [[], ["i-1", "i-2"], ["i-1", "i-2", "i-2"], [], ["i-2"]]);
    });
});
