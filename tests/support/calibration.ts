import assert from "node:assert/strict";
import type { Report } from "../../rehearsal/report/report";

/**
 * What a forecast is worth on a machine that has other things to do: the bands are wide where it works and narrow where it waits.
 * Work is forecast from version 1's installation, some seconds before.
 */
export function assertCalibrated({ phases, forecast, rolloutSeconds, lowerBoundSeconds, settings }: Report): void {
    within("rollout", rolloutSeconds / forecast.rolloutSeconds, 0.6, 1.5);
    const measured = (name: string): number => phases.find(phase => phase.name === name)?.measuredSeconds ?? assert.fail(`${name} was not measured`);
    const ratio = (name: string): number => measured(name) / (phases.find(phase => phase.name === name)?.forecastSeconds ?? NaN);
    within("drain", ratio("drain"), 0.98, 1.2);
    within("gaps", ratio("gaps"), 0.98, 1.5);
    // One passed check, which comes at any moment of its interval: half of one is forecast.
    within("health checks", measured("healthy") * 1000 / settings.here.healthIntervalMs, 0, 2);
    assert.ok(lowerBoundSeconds > forecast.lowerBoundSeconds / 2 && lowerBoundSeconds < rolloutSeconds, `at the least ${lowerBoundSeconds} s of ${rolloutSeconds} s`);
}

function within(what: string, ratio: number, least: number, most: number): void {
    assert.ok(ratio >= least && ratio <= most, `${what}: ${ratio.toFixed(2)} times the forecast, not ${least} to ${most}`);
}
