import Table from "cli-table3";
import { inSeconds } from "./figures";
import type { Report } from "./report";
import { milestones } from "./report-input";

type RollingReport = Extract<Report, { readonly strategy: "rolling" }>;

/** Where the time of a wave goes, and of all of them: as it was expected here, as it was, and as it is expected on AWS. */
export function waveTable(report: RollingReport): string {
    const { phases, forecast, onAws } = report;
    const table = new Table({
        head: ["phase of a wave", "forecast", "measured", "on AWS"],
        colAligns: ["left", "right", "right", "right"],
        // Its own colours ignore NO_COLOR; picocolors does not.
        style: { head: [], border: [], compact: true },
    });
    for (const { name, forecastSeconds, measuredSeconds, onAwsSeconds } of phases) table.push([name, inSeconds(forecastSeconds), inSeconds(measuredSeconds), inSeconds(onAwsSeconds)]);
    const waves = `rollout, ${forecast.waves.length} ${forecast.waves.length === 1 ? "wave" : "waves"}`;
    // How soon a bad release is noticed depends on how it is bad, so a rollback is not compared with a forecast.
    table.push([waves, inSeconds(forecast.rolloutSeconds), inSeconds(wentBack(report) ? null : report.rolloutSeconds), inSeconds(onAws.rolloutSeconds)]);
    return table.toString();
}

/** How long the rollout took beside the least that it could have taken. */
export function rolloutLine(report: RollingReport): string {
    const { rolloutSeconds, lowerBoundSeconds, timeScale } = report;
    const beside = wentBack(report)
        ? "until all was back"
        : `${(rolloutSeconds / lowerBoundSeconds).toFixed(2)} times the ${lowerBoundSeconds.toFixed(1)} s that it takes at the least`;
    return `${rolloutSeconds.toFixed(1)} s (${beside}${timeScale === 1 ? "" : `, at time scale ${timeScale}`})`;
}

function wentBack({ events }: Report): boolean {
    return events.some(({ event }) => event === milestones.rollbackStarted);
}
