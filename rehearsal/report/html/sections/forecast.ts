import type { ColoursReport, Report } from "../../report-schema";
import { stepRows } from "../../step-rows";
import { percent, seconds } from "../figures";
import { type Content, html, type Markup } from "../markup";
import { rolloutSpan } from "../rollout-span";
import { table } from "../table";

const phaseNames: Readonly<Record<string, string>> = {
    pull: "pulling the image",
    drain: "draining",
    download: "downloading the bundle",
    install: "installing the files",
    start: "stopping the old container, starting the new one",
    validate: "validating",
    healthy: "health checks of the load balancer",
    gaps: "gaps between lifecycle events",
};

/** What each phase was expected to take beside what it took, and what AWS is expected to take. */
export function forecastSection(report: Report): Markup {
    const { forecast, onAws, lowerBoundSeconds, strategy, timeScale } = report;
    const span = rolloutSpan(report);
    const rows = [
        ...(report.strategy === "rolling" ? phaseCells(report) : stepCells(report)),
        [html`<strong>the whole rollout</strong>`, seconds(forecast.rolloutSeconds), span.wentBack ? "it went back" : seconds(span.seconds), seconds(onAws.rolloutSeconds)],
        ["no rollout can be faster than", seconds(lowerBoundSeconds), "–", seconds(onAws.lowerBoundSeconds)],
        ["until a bad release is back", "rollbackSeconds" in forecast ? seconds(forecast.rollbackSeconds) : "–", span.wentBack ? seconds(span.seconds) : "–", seconds(onAws.rollbackSeconds)],
        ["instances that serve at the least", percent(forecast.capacityFloor), measuredFloor(report), percent(onAws.capacityFloor)],
    ];
    const scale = timeScale === 1 ? "as long as on AWS" : `at ${timeScale} of the time they take on AWS`;
    return html`<section><h2>Forecast and measured</h2>
<p class="note">${strategy === "rolling" ? "Phases of one wave" : "Steps of the roll"}${span.wentBack ? ", as far as it came" : ""}. What the service waits for ran ${scale}; work took as long as it takes on this machine.</p>
${table([{ title: "Phase" }, { title: "Forecast here", number: true }, { title: "Measured here", number: true }, { title: "Expected on AWS", number: true }], rows)}
</section>`;
}

function phaseCells({ phases }: Report): readonly (readonly Content[])[] {
    return phases.map(({ name, forecastSeconds, measuredSeconds, onAwsSeconds }) => [
        phaseNames[name] ?? name, seconds(forecastSeconds), orDash(measuredSeconds),
        `${seconds(onAwsSeconds)}${name === "pull" && onAwsSeconds === 0 ? " (pulled ahead)" : ""}`,
    ]);
}

function stepCells(report: ColoursReport): readonly (readonly Content[])[] {
    return stepRows(report).map(({ name, failed, forecastSeconds, measuredSeconds, onAwsSeconds }) => [
        failed ? html`${name}: <strong>failed</strong>` : name, orDash(forecastSeconds), seconds(measuredSeconds), orDash(onAwsSeconds),
    ]);
}

function orDash(value: number | null | undefined): string {
    return value === null || value === undefined ? "–" : seconds(value);
}

function measuredFloor(report: Report): string {
    const floor = report.strategy === "blueGreen" ? report.colours.capacityFloor : null;
    return floor === null ? "–" : percent(floor);
}
