import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import { makeProgram } from "../../cli/program";
import { judgeSoakRun, renderSoak, type SoakPiece, soakPieces } from "../../cli/soak";
import { makeReport } from "../../rehearsal/report/report";
import { colourRehearsal, lostRequest } from "../rehearsal/report/material";

const piece: SoakPiece = { name: "blue/green", words: [], wanted: 0, times: 1 };
const control: SoakPiece = { ...piece, name: "control", wanted: 1 };
const report = JSON.stringify(makeReport(colourRehearsal()));
const losing = JSON.stringify(makeReport(colourRehearsal({ records: [...colourRehearsal().records, lostRequest({ dueMs: 16_100 })] })));
const faults = (kept: boolean) => JSON.stringify({ faults: [{ fault: "scale-out", kept, broken: kept ? [] : ["too small"] }] });
const run = (code: number | undefined, printed: string) => ({ code, printed, seconds: 12.3 });

describe("The long series", () => {
    it("asks for nothing that ./gapless rehearse does not know, and has a control for each strategy that must lose requests", async () => {
        for (const { words } of soakPieces) {
            const asked: unknown[] = [];
            const program = makeProgram(() => Promise.resolve(void asked.push(words)));
            await program.parseAsync(["rehearse", ...words, "--seed", "1", "--json"], { from: "user" });
            assert.equal(asked.length, 1);
        }
        const controls = soakPieces.filter(({ wanted }) => wanted === 1).map(({ words }) => words.join(" "));
        assert.deepEqual(controls, ["--strategy rolling --without-draining", "--strategy blueGreen --without-draining"]);
    });

    it("takes a rehearsal for good by its exit code, in the report's own words", () => {
        assert.deepEqual(judgeSoakRun(piece, 2, run(0, report)), {
            name: "blue/green", seed: 2, seconds: 12.3, good: true,
            told: "Version v2 took over from version v1 on green (4 instances) in 2 shifts: 0 of 300 requests failed.",
        });
        assert.equal(judgeSoakRun(piece, 1, run(1, report)).good, false);
        assert.match(judgeSoakRun(piece, 1, run(1, report)).told, /^exit code 1 instead of 0: Version v2/);
    });

    it("takes a negative control for bad when it lost nothing", () => {
        assert.equal(judgeSoakRun(control, 1, run(0, report)).good, false);
        assert.equal(judgeSoakRun(control, 1, run(1, report)).good, false);
        assert.equal(judgeSoakRun(control, 1, run(1, losing)).good, true);
    });

    it("does not take a control for good that never got to lose anything", () => {
        assert.deepEqual(judgeSoakRun(control, 1, run(1, "")).good, false);
        assert.equal(judgeSoakRun(control, 1, run(1, "no Docker")).told, "it printed no report");
        assert.equal(judgeSoakRun(control, 1, run(1, JSON.stringify(makeReport(colourRehearsal({ records: [] }))))).good, false);
        assert.match(judgeSoakRun(piece, 1, run(undefined, "")).told, /^exit code none instead of 0/);
        assert.equal(judgeSoakRun(piece, 1, run(0, JSON.stringify({ faults: [] }))).good, false);
    });

    it("tells which fault's promise was not kept", () => {
        assert.equal(judgeSoakRun(piece, 1, run(0, faults(true))).told, "1 of 1 promises were kept");
        assert.equal(judgeSoakRun(piece, 1, run(1, faults(false))).told, "exit code 1 instead of 0: 0 of 1 promises were kept. scale-out: too small");
    });

    it("ends with a table and a count", () => {
        const lines = [judgeSoakRun(piece, 1, run(0, report)), judgeSoakRun(control, 1, run(0, report))];
        const text = stripVTControlCharacters(renderSoak(lines));
        assert.match(text, /│ blue\/green +│ 1 +│ 12 +│ Version v2 took over[\s\S]*│ yes[\s\S]*│ control[\s\S]*│ NO/);
        assert.match(text, /1 as wanted, 1 not$/);
    });
});
