import assert from "node:assert/strict";
import type { Report } from "../../rehearsal/report/report";
import { makeReport } from "../../rehearsal/report/report";
import { goodRehearsal } from "../rehearsal/report/material";
import { assertCalibrated } from "./calibration";

/** A report whose phases were measured as they were forecast, with what a test is about laid over them. */
function calibrated(measured: Readonly<Record<string, number | null>> = {}, about: Partial<Report> = {}): Report {
    const report = makeReport(goodRehearsal());
    const phases = report.phases.map(phase => ({ ...phase, measuredSeconds: measured[phase.name] === undefined ? phase.forecastSeconds : measured[phase.name] ?? null }));
    return { ...report, phases: phases.map(phase => (phase.name === "healthy" ? { ...phase, measuredSeconds: measured["healthy"] ?? 0.25 } : phase)), rolloutSeconds: 14, ...about } as Report;
}

describe("the calibration of a forecast", () => {
    it("takes a forecast for good that came true", () => {
        assertCalibrated(calibrated());
    });

    for (const [what, report, message] of [
        ["a rollout that took twice as long", calibrated({}, { rolloutSeconds: 28 }), /rollout: 2.00 times/],
        ["one that took half as long", calibrated({}, { rolloutSeconds: 7 }), /rollout: 0.50 times/],
        ["a drain that was cut short", calibrated({ drain: 1.9 }), /drain: 0.95 times/],
        ["a drain that was longer", calibrated({ drain: 2.5 }), /drain: 1.25 times/],
        ["events without gaps", calibrated({ gaps: 0.1 }), /gaps: 0.07 times/],
        ["health checks that went on", calibrated({ healthy: 1.1 }), /health checks: 2.20/],
        ["phases that nobody saw", calibrated({ drain: null }), /drain was not measured/],
        ["a least that was beaten", calibrated({}, { lowerBoundSeconds: 15 }), /at the least 15 s of 14 s/],
    ] as const) {
        it(`does not take ${what} for one`, () => {
            assert.throws(() => { assertCalibrated(report); }, message);
        });
    }
});
