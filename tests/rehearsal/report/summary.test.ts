import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import { makeReport } from "../../../rehearsal/report/report";
import type { ReportInput } from "../../../rehearsal/report/report-input";
import { renderSummary } from "../../../rehearsal/report/summary";
import { at, colourRehearsal, flippedBackRehearsal, goodColours, goodRehearsal, lostRequest, request, rolledBackRehearsal, stepFrom } from "./material";

describe("The summary", () => {
    it("tells a good rehearsal on one screen", () => {
        assert.deepEqual(lines(goodRehearsal()), [
            "PASSED  Version v2 replaced version v1 on 4 instances in 2 waves: 0 of 300 requests failed.",
            "",
            "┌────────┬──────────┬────────┬──────────┬──────────┐",
            "│ phase  │ requests │ failed │ fast p50 │ fast p99 │",
            "├────────┼──────────┼────────┼──────────┼──────────┤",
            "│ before │      100 │      0 │  10.0 ms │  10.0 ms │",
            "├────────┼──────────┼────────┼──────────┼──────────┤",
            "│ during │      100 │      0 │  10.0 ms │  10.0 ms │",
            "├────────┼──────────┼────────┼──────────┼──────────┤",
            "│ after  │      100 │      0 │  10.0 ms │  10.0 ms │",
            "└────────┴──────────┴────────┴──────────┴──────────┘",
            "",
            "┌──────────────────┬──────────┬──────────┬─────────┐",
            "│ phase of a wave  │ forecast │ measured │  on AWS │",
            "├──────────────────┼──────────┼──────────┼─────────┤",
            "│ pull             │    0.5 s │        - │   0.0 s │",
            "│ drain            │    2.0 s │        - │  25.0 s │",
            "│ download         │    0.2 s │        - │   0.5 s │",
            "│ install          │    0.1 s │        - │   0.1 s │",
            "│ start            │    1.0 s │        - │   3.0 s │",
            "│ validate         │    0.3 s │        - │   2.0 s │",
            "│ healthy          │    1.5 s │        - │  15.0 s │",
            "│ gaps             │    1.4 s │        - │  14.3 s │",
            "│ rollout, 2 waves │   14.0 s │   10.0 s │ 124.9 s │",
            "└──────────────────┴──────────┴──────────┴─────────┘",
            "",
            "requests/s  v1     |███████████████               |",
            "            v2     |               ███████████████|",
            "rollout     10.0 s (1.67 times the 6.0 s that it takes at the least, at time scale 0.1)",
            "longest gap 100 ms without a good answer",
            "load        seed 7, sent 1.0 ms late at most (p99)",
        ]);
    });

    it("tells a rollback with its own phase", () => {
        const text = lines(rolledBackRehearsal({ timeScale: 1 }));
        assert.match(text[0] ?? "", /^ROLLED BACK {2}Version v2 was rolled back to version v1/);
        assert.ok(text.includes("│ rollback │       50 │      0 │  10.0 ms │  10.0 ms │"));
        assert.ok(text.includes("rollout     10.0 s (until all was back)"));
        assert.ok(text.includes("│ rollout, 2 waves │   14.0 s │        - │ 124.9 s │"));
    });

    it("tells what failed, and when", () => {
        const records = [
            ...goodRehearsal().records,
            lostRequest({ dueMs: 11_500 }), lostRequest({ dueMs: 11_600 }),
            request({ dueMs: 14_000, status: 500, instance: "host-2" }),
        ];
        const events = [...goodRehearsal().events, at(11, "ApplicationStart", { instance: "host-1", status: "started" }),
            at(12, "ApplicationStart", { instance: "host-1", status: "succeeded" })];

        const text = lines(goodRehearsal({ records, events }));

        assert.match(text[0] ?? "", /^FAILED {2}/);
        assert.ok(text.includes("            failed |           ▂  ▁               |"), text.join("\n"));
        assert.ok(text.includes("failures    2 × ECONNRESET, during host-1 ApplicationStart"));
        assert.ok(text.includes("            1 × 500 from host-2, no lifecycle event running (during)"));
    });

    it("tells what to do about it, within a terminal's width", () => {
        const stops = [{ instance: "i-1", version: "v1", atMs: 12_000, endedMs: 12_020, signal: 15, exitCode: 143 }];
        const text = lines(goodRehearsal({ stops, records: [...goodRehearsal().records, lostRequest({ dueMs: 11_500, latencyMs: 510 })] }));
        const first = text.findIndex(line => line.startsWith("advice"));
        assert.deepEqual(text.slice(first, first + 4), [
            "advice      Your process exits at once on SIGTERM (1 stop, within 20 ms, exit code 143): 1 request was cut.",
            "              Handle SIGTERM: stop accepting, finish the open requests, then exit. Write CMD as a list,",
            "              [\"program\", \"argument\"]: as a line it starts a shell, which gets the signal in your process's",
            "              place.",
        ]);
    });

    it("tells a blue/green rehearsal with weights under the answers, its steps and its flips", () => {
        const text = lines(flippedBackRehearsal());
        assert.equal(text[0], "PASSED  Version v2 took over from version v1 on green (4 instances) in 2 shifts: 0 of 300 requests failed; flip back 4 ms, one call.");
        assert.deepEqual(text.slice(text.indexOf("│ step        │ forecast │ measured │  on AWS │")), [
            "│ step        │ forecast │ measured │  on AWS │",
            "├─────────────┼──────────┼──────────┼─────────┤",
            "│ boot        │    1.4 s │    1.5 s │ 125.0 s │",
            "│ install     │    2.0 s │    1.5 s │  65.0 s │",
            "│ shift 50 %  │    0.1 s │    0.0 s │   1.0 s │",
            "│ bake 50 %   │    3.0 s │    3.0 s │  30.0 s │",
            "│ shift 100 % │    0.1 s │    0.0 s │   1.0 s │",
            "│ flip back   │        - │    0.0 s │       - │",
            "└─────────────┴──────────┴──────────┴─────────┘",
            "",
            "requests/s  v1     |█████████████▅▅▅  ████████████|",
            "            v2     |             ▄▅▅██▁           |",
            "weights     blue   |█████████████▅▅▅  ████████████|",
            "            green  |             ▅▅▅██            |",
            "rollout     6.0 s (6.6 s forecast, 3.0 s at the least, at time scale 0.1)",
            "weights set all to green 3.0 ms, one call; all back to blue 4.3 ms, one call",
            "capacity    100 % of 4 instances at the least, of each colour that serves (100 % forecast)",
            "longest gap 100 ms without a good answer",
            "load        seed 7, sent 1.0 ms late at most (p99)",
        ]);
    });

    it("tells of a roll that turned back what went wrong at which step, without a forecast", () => {
        const steps = [
            stepFrom(10, 12, { name: "healthy" }, { problem: "2 of 4 targets are unhealthy" }), stepFrom(12, 12.5, { name: "restore" }, { phase: "back" }),
        ];
        const text = lines(colourRehearsal({
            end: { outcome: "rolledBack", reason: "2 of 4 targets are unhealthy" }, timeScale: 1,
            records: goodRehearsal().records.map(record => ({ ...record, version: "v1" })),
            colours: goodColours({ steps, weights: goodColours().weights.slice(0, 1), capacity: [] }),
        }));
        assert.match(text[0] ?? "", /^ROLLED BACK/);
        assert.ok(text.includes("│ healthy: failed    │        - │    2.0 s │      - │"), text.join("\n"));
        assert.ok(text.includes("│ restore (way back) │        - │    0.5 s │      - │"));
        assert.ok(text.includes("rollout     2.5 s (until all was back)"));
        assert.ok(text.includes("weights set never: blue had all requests throughout"));
        assert.ok(text.includes("capacity    not measured (100 % forecast)"));
    });

    it("adds up the kinds of failures beyond the first five", () => {
        const failing = Array.from({ length: 8 }, (_, k) => request({ dueMs: 11_000 + k, status: 500 + k }));
        const text = lines(goodRehearsal({ records: [...goodRehearsal().records, ...failing] }));
        assert.ok(text.includes("            3 more, of other causes too"));
    });

    it("says so when those beyond failed for the same causes", () => {
        const failing = Array.from({ length: 8 }, (_, k) => request({ dueMs: 11_000 + k, status: 500, instance: `host-${k}` }));
        assert.ok(lines(goodRehearsal({ records: [...goodRehearsal().records, ...failing] })).includes("            3 more, at other events"));
    });

    it("shows a dash where there is nothing to measure", () => {
        assert.ok(lines(goodRehearsal({ records: [] })).includes("│ before │        0 │      0 │        - │        - │"));
    });
});

function lines(input: ReportInput): readonly string[] {
    return stripVTControlCharacters(renderSummary(makeReport(input))).split("\n");
}
