import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import { makeProgram } from "../../cli/program";
import { faultLines, judgeSoakRun, partOf, renderSoak, soakOrder, type SoakPiece, soakPieces } from "../../cli/soak";
import { soakParts } from "../../cli/soak-parts";
import { judgeSpeed, speedOf, speedPieces, type SpeedRun } from "../../cli/soak-speed";
import { makeReport } from "../../rehearsal/report/report";
import { colourRehearsal, goodRehearsal, lostRequest } from "../rehearsal/report/material";

const piece: SoakPiece = { name: "blue/green", words: [], wanted: 0, times: 1 };
const control: SoakPiece = { ...piece, name: "control", wanted: 1 };
const report = JSON.stringify(makeReport(colourRehearsal()));
const losing = JSON.stringify(makeReport(colourRehearsal({ records: [...colourRehearsal().records, lostRequest({ dueMs: 16_100 })] })));
const faults = (kept: boolean) => JSON.stringify({ faults: [{
    fault: "scale-out", happened: "took over", kept, broken: kept ? [] : ["too small"], seconds: 9.5, requests: { total: 100, failed: kept ? 0 : 3, mayFail: kept ? 0 : 2 },
}] });
const run = (code: number | undefined, printed: string) => ({ code, printed, seconds: 12.3, processorSeconds: 8.1 });

describe("The long series", () => {
    it("asks for nothing that ./gapless rehearse does not know, and has a control for each strategy that must lose requests", async () => {
        for (const { words } of [...soakPieces, ...speedPieces]) {
            const asked: unknown[] = [];
            const program = makeProgram(() => Promise.resolve(void asked.push(words)));
            await program.parseAsync(["rehearse", ...words, "--seed", "1", "--json"], { from: "user" });
            assert.equal(asked.length, 1);
        }
        const controls = soakPieces.filter(({ wanted }) => wanted === 1).map(({ words }) => words.join(" "));
        assert.deepEqual(controls, [
            "--strategy rolling --without-draining", "--strategy rolling --fault stray-requests --set drainSeconds=10 --set longestRequestSeconds=5 --set slowPath=",
            "--strategy blueGreen --without-draining",
        ]);
    });

    it("has faults in a part of their own, and rollouts in another", () => {
        assert.deepEqual(soakPieces.filter(piece => partOf(piece) === "faults").map(({ name }) => name),
            ["rolling, all faults", "rolling, drained for less long than strays come (must lose)", "blue/green, all faults"]);
        assert.ok(soakPieces.every(piece => soakParts.includes(partOf(piece))));
    });

    it("takes a rehearsal for good by its exit code, in the report's own words", () => {
        assert.deepEqual(judgeSoakRun(piece, 2, run(0, report)), {
            name: "blue/green", seed: 2, seconds: 12.3, processorSeconds: 8.1, good: true,
            told: "Version v2 took over from version v1 on green (4 instances) in 2 shifts: 0 of 300 requests failed.",
        });
        assert.equal(judgeSoakRun(piece, 1, run(1, report)).good, false);
        assert.match(judgeSoakRun(piece, 1, run(1, report)).told, /^exit code 1 instead of 0: Version v2/);
    });

    it("takes a negative control for bad when it lost nothing", () => {
        assert.equal(judgeSoakRun(control, 1, run(0, report)).good, false);
        assert.equal(judgeSoakRun(control, 1, run(1, report)).good, false);
        assert.equal(judgeSoakRun(control, 1, run(1, losing)).good, true);
        assert.equal(judgeSoakRun(control, 1, run(1, faults(false))).good, true);
        assert.equal(judgeSoakRun(control, 1, run(1, faults(true))).good, false);
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

    it("tells what else speaks against a rehearsal of faults", () => {
        const printed = JSON.stringify({ ...JSON.parse(faults(true)) as object, unfinished: ["green-dies", "scale-in"], problems: ["the load died"] });
        assert.equal(judgeSoakRun(piece, 1, run(1, printed)).told, "exit code 1 instead of 0: 1 of 1 promises were kept. the load died. not brought to an end: green-dies, scale-in");
    });

    it("has a line for each fault", () => {
        assert.deepEqual(faultLines(run(0, faults(true))), [{ name: "- scale-out", seconds: 9.5, good: true, told: "took over: 0 of 100 requests failed" }]);
        assert.deepEqual(faultLines(run(1, faults(false))), [{ name: "- scale-out", seconds: 9.5, good: false, told: "took over: 3 of 100 requests failed, and 2 may" }]);
        assert.deepEqual(faultLines(run(0, report)), []);
    });

    it("rehearses round by round, so that what is compared happens at nearly one time", () => {
        const pieces = [{ ...piece, name: "a", times: 1 }, { ...piece, name: "b", times: 3 }, { ...piece, name: "c", times: 2 }];
        assert.deepEqual(soakOrder(pieces).map(([{ name }, seed]) => `${name}${seed}`), ["a1", "b1", "c1", "b2", "c2", "b3"]);
        assert.deepEqual(soakOrder([]), []);
    });

    it("ends with a table and a count", () => {
        const lines = [judgeSoakRun(piece, 1, run(0, report)), judgeSoakRun(control, 1, run(0, report))];
        const text = stripVTControlCharacters(renderSoak(lines));
        assert.match(text, /│ blue\/green +│ 1 +│ 12 +│ 8 +│ Version v2 took over[\s\S]*│ yes[\s\S]*│ control[\s\S]*│ NO/);
        assert.match(text, /1 as wanted, 1 not$/);
    });
});

describe("The pace in the long series", () => {
    const rollout = (instances: number, rolloutSeconds: number, lowerBoundSeconds = rolloutSeconds): SpeedRun => ({ instances, rolloutSeconds, lowerBoundSeconds });
    const good = (runs: readonly SpeedRun[]) => judgeSpeed(runs).map(line => line.good);

    it("is rehearsed with four and eight instances in turn, three times each, and once with two and sixteen", () => {
        const turns = soakOrder(speedPieces).map(([{ words }]) => words.at(-1));
        assert.deepEqual(turns, ["2", "4", "8", "16", "4", "8", "4", "8"]);
    });

    it("is read from a report on a rolling release alone", () => {
        assert.deepEqual(speedOf({ printed: JSON.stringify(makeReport(goodRehearsal())) }), { ...rollout(4, 10, 6), strategy: "rolling" });
        assert.equal(speedOf({ printed: report }), undefined);
        assert.equal(speedOf({ printed: "no Docker" }), undefined);
    });

    it("is good when eight take at most half as long again as four, by the median of the runs", () => {
        assert.deepEqual(good([rollout(4, 10), rollout(8, 15)]), [true, true, true]);
        assert.deepEqual(good([rollout(4, 10), rollout(8, 15.1)]), [false, true, true]);
        assert.deepEqual(good([rollout(4, 10), rollout(4, 11), rollout(4, 2), rollout(8, 14), rollout(8, 99), rollout(8, 13)]), [true, true, true]);
    });

    it("is good when either takes at most a quarter longer than the least that it can take", () => {
        assert.deepEqual(good([rollout(4, 10, 8), rollout(8, 12.5, 10)]), [true, true, true]);
        assert.deepEqual(good([rollout(4, 10, 7.9), rollout(8, 12.5, 10)]), [true, false, true]);
        assert.deepEqual(good([rollout(4, 10, 8), rollout(8, 12.5, 9.9), rollout(16, 99, 1)]), [true, true, false]);
    });

    it("is not good when nobody told it", () => {
        assert.deepEqual(good([]), [false, false, false]);
        assert.equal(judgeSpeed([])[0]?.told, "no rehearsal told its pace");
        assert.deepEqual(judgeSpeed([rollout(4, 10, 9.5), rollout(8, 14)]).map(({ name, told }) => `${name}: ${told}`), [
            "pace of 8 instances beside 4: the rollout takes 1.40 times a rollout over 4; 1.5 may be",
            "pace of 4 instances: the rollout takes 1.05 times the least that it takes; 1.25 may be",
            "pace of 8 instances: the rollout takes 1.00 times the least that it takes; 1.25 may be",
        ]);
    });
});
