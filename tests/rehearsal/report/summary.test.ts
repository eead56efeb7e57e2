import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import { makeReport } from "../../../rehearsal/report/report";
import type { ReportInput } from "../../../rehearsal/report/report-input";
import { renderSummary } from "../../../rehearsal/report/summary";
import { at, goodRehearsal, lostRequest, request, rolledBackRehearsal } from "./material";

describe("The summary", () => {
    it("tells a good rehearsal on one screen", () => {
        assert.deepEqual(lines(goodRehearsal()), [
            "PASSED  Version v2 replaced version v1 on 4 instances in 2 waves: 0 of 300 requests failed.",
            "",
            "┌────────┬──────────┬────────┬─────────┬─────────┐",
            "│ phase  │ requests │ failed │     p50 │     p99 │",
            "├────────┼──────────┼────────┼─────────┼─────────┤",
            "│ before │      100 │      0 │ 10.0 ms │ 10.0 ms │",
            "├────────┼──────────┼────────┼─────────┼─────────┤",
            "│ during │      100 │      0 │ 10.0 ms │ 10.0 ms │",
            "├────────┼──────────┼────────┼─────────┼─────────┤",
            "│ after  │      100 │      0 │ 10.0 ms │ 10.0 ms │",
            "└────────┴──────────┴────────┴─────────┴─────────┘",
            "",
            "requests/s  v1     |███████████████               |",
            "            v2     |               ███████████████|",
            "rollout     10.0 s (14.0 s forecast, 6.0 s at the least, at time scale 0.1)",
            "longest gap 100 ms without a good answer",
            "load        seed 7, sent 1.0 ms late at most (p99)",
        ]);
    });

    it("tells a rollback with its own phase", () => {
        const text = lines(rolledBackRehearsal({ timeScale: 1 }));
        assert.match(text[0] ?? "", /^ROLLED BACK {2}Version v2 was rolled back to version v1/);
        assert.ok(text.includes("│ rollback │       50 │      0 │ 10.0 ms │ 10.0 ms │"));
        assert.ok(text.includes("rollout     10.0 s (until all was back)"));
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

    it("adds up the kinds of failures beyond the first five", () => {
        const failing = Array.from({ length: 8 }, (_, k) => request({ dueMs: 11_000 + k, status: 500 + k }));
        const text = lines(goodRehearsal({ records: [...goodRehearsal().records, ...failing] }));
        assert.ok(text.includes("            3 of other kinds"));
    });

    it("shows a dash where there is nothing to measure", () => {
        assert.ok(lines(goodRehearsal({ records: [] })).includes("│ before │        0 │      0 │   - │   - │"));
    });
});

function lines(input: ReportInput): readonly string[] {
    return stripVTControlCharacters(renderSummary(makeReport(input))).split("\n");
}
