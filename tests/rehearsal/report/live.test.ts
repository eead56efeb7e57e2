import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import { renderLive, type LiveState } from "../../../rehearsal/report/live";
import { lostRequest, request, unsignedRequest } from "./material";

describe("The live view", () => {
    const instances = [{ id: "host-1", state: "draining", event: "BlockTraffic" }, { id: "host-10", state: "serving" }];

    it("shows the last second's requests by version, all failures so far, and each instance", () => {
        const records = [
            lostRequest({ dueMs: 1000 }),
            ...Array.from({ length: 3 }, (_, k) => request({ dueMs: 9500 + k, version: "v2" })),
            request({ dueMs: 9600 }), lostRequest({ dueMs: 9700 }),
        ];
        assert.deepEqual(lines({ nowMs: 10_000, records, instances }), [
            "5 requests/s  2 of 6 failed  v1 25 %  v2 75 %",
            "  host-1   draining  BlockTraffic",
            "  host-10  serving",
        ]);
    });

    it("shows each colour with its share, and the step under way", () => {
        const members = [{ id: "g-1", state: "initial", event: "Install", colour: "green" }, { id: "b-1", state: "serving", colour: "blue" }] as const;
        assert.deepEqual(lines({ nowMs: 0, records: [], instances: members, colours: { weights: { blue: 90, green: 10 }, step: "bake 10 %" } }), [
            "0 requests/s  0 of 0 failed  bake 10 %",
            "blue   90 %  ██████████████████",
            "  b-1  serving",
            "green  10 %  ██",
            "  g-1  initial  Install",
        ]);
        assert.deepEqual(lines({ nowMs: 0, records: [], instances: [], colours: { weights: { blue: 0, green: 100 } } }), [
            "0 requests/s  0 of 0 failed",
            "blue    0 %",
            "green 100 %  ████████████████████",
        ]);
    });

    it("says unknown for an app that does not say its release", () => {
        const records = [unsignedRequest({ dueMs: 9500 })];
        assert.deepEqual(lines({ nowMs: 10_000, records, instances: [] }), ["1 requests/s  0 of 1 failed  unknown 100 %"]);
    });

    it("shows nothing more than zeros before the first request", () => {
        assert.deepEqual(lines({ nowMs: 0, records: [], instances: [] }), ["0 requests/s  0 of 0 failed"]);
    });
});

function lines(state: LiveState): readonly string[] {
    return renderLive(state).map(stripVTControlCharacters);
}
