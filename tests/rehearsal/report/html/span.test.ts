import assert from "node:assert/strict";
import { spanOf } from "../../../../rehearsal/report/html/charts/span";
import { rolloutSpan } from "../../../../rehearsal/report/html/rollout-span";
import { makeReport } from "../../../../rehearsal/report/report";
import { at, colourRehearsal, flippedBackRehearsal, goodColours, goodRehearsal, rolledBackRehearsal, shifted, stepFrom } from "../material";

describe("The time of the charts", () => {
    it("begins with the load and has its phases one after the other", () => {
        const { startMs, endSeconds, phases } = spanOf(makeReport(rolledBackRehearsal()));
        assert.deepEqual([startMs, endSeconds], [0, 30]);
        assert.deepEqual(phases.map(({ name, from, until }) => [name, from, until]), [["before", 0, 10], ["during", 10, 15], ["rollback", 15, 20], ["after", 20, 30]]);
    });

    it("has a way back with blue/green from where it begins", () => {
        const { phases } = spanOf(makeReport(flippedBackRehearsal()));
        assert.deepEqual(phases.map(({ name, from }) => [name, from]), [["before", 0], ["during", 10], ["way back", 18], ["after", 20]]);
    });

    it("marks each wave, and each change of the weights", () => {
        const events = [...goodRehearsal().events.slice(0, 1), at(10, "WaveStarted", { detail: "1: i-1, i-2" }), at(15, "WaveStarted", { detail: "2: i-3" }), at(20, "RolloutEnded")];
        assert.deepEqual(spanOf(makeReport(goodRehearsal({ events }))).marks, [{ at: 10, text: "wave 1" }, { at: 15, text: "wave 2" }]);
        assert.deepEqual(spanOf(makeReport(flippedBackRehearsal())).marks, [{ at: 13, text: "50 %" }, { at: 16, text: "100 %" }, { at: 18, text: "0 %" }]);
    });

    it("leaves out on a phone the names that have no room", () => {
        const report = makeReport(rolledBackRehearsal());
        const names = (phone: boolean) => spanOf(report, phone).phases.map(({ name }) => name);
        assert.deepEqual([names(false), names(true)], [["before", "during", "rollback", "after"], ["before", "", "", "after"]]);
        const waves = goodRehearsal({ events: [at(10, "RolloutStarted"), at(10, "WaveStarted", { detail: "1: a" }), at(14, "WaveStarted", { detail: "2: b" }), at(20, "RolloutEnded")] });
        assert.deepEqual(spanOf(makeReport(waves), true).marks, [{ at: 10, text: "wave 1" }, { at: 14, text: "" }]);
    });

    it("names no mark over the one before", () => {
        const weights = [shifted(0, 0, { calls: 0 }), shifted(13, 10), shifted(13.5, 50), shifted(16, 100)];
        const { marks } = spanOf(makeReport(colourRehearsal({ colours: goodColours({ weights }) })));
        assert.deepEqual(marks.map(({ text }) => text), ["10 %", "", "100 %"]);
    });
});

describe("The rollout's own time", () => {
    it("is all of it with a rolling release, which may have gone back", () => {
        assert.deepEqual(rolloutSpan(makeReport(goodRehearsal())), { seconds: 10, wentBack: false });
        assert.deepEqual(rolloutSpan(makeReport(rolledBackRehearsal())), { seconds: 10, wentBack: true });
    });

    it("is that of the first roll with blue/green, whatever is flipped after it", () => {
        const { seconds, wentBack } = rolloutSpan(makeReport(flippedBackRehearsal()));
        assert.deepEqual([Math.round(seconds), wentBack], [6, false]);
        const steps = [...goodColours().steps, stepFrom(17, 17.5, { name: "restore" }, { phase: "back" })];
        assert.equal(rolloutSpan(makeReport(colourRehearsal({ colours: goodColours({ steps }) }))).wentBack, true);
    });
});
