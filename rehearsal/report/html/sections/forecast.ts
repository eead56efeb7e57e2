import type { Report } from "../../report-schema";
import { percent, seconds } from "../figures";
import { html, type Markup } from "../markup";
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
    const { phases, forecast, onAws, lowerBoundSeconds, strategy, timeScale } = report;
    const span = rolloutSpan(report);
    const rows = [
        ...phases.map(({ name, forecastSeconds, measuredSeconds, onAwsSeconds }) => [
            (strategy === "rolling" ? phaseNames[name] : undefined) ?? name, seconds(forecastSeconds), measuredSeconds === null ? "–" : seconds(measuredSeconds), seconds(onAwsSeconds),
        ]),
        [html`<strong>the whole rollout</strong>`, seconds(forecast.rolloutSeconds), span.wentBack ? "it went back" : seconds(span.seconds), seconds(onAws.rolloutSeconds)],
        ["no rollout can be faster than", seconds(lowerBoundSeconds), "–", seconds(onAws.lowerBoundSeconds)],
        ["until a bad release is back", "rollbackSeconds" in forecast ? seconds(forecast.rollbackSeconds) : "–", span.wentBack ? seconds(span.seconds) : "–", seconds(onAws.rollbackSeconds)],
        ["instances that serve at the least", percent(forecast.capacityFloor), measuredFloor(report), percent(onAws.capacityFloor)],
    ];
    const scale = timeScale === 1 ? "as long as on AWS" : `at ${timeScale} of the time they take on AWS`;
    return html`<section><h2>Forecast and measured</h2>
<p class="note">${strategy === "rolling" ? "Phases of one wave" : "Steps of the roll"}. What the service waits for ran ${scale}; work took as long as it takes on this machine.</p>
${table([{ title: "Phase" }, { title: "Forecast here", number: true }, { title: "Measured here", number: true }, { title: "Expected on AWS", number: true }], rows)}
</section>`;
}

function measuredFloor(report: Report): string {
    const floor = report.strategy === "blueGreen" ? report.colours.capacityFloor : null;
    return floor === null ? "–" : percent(floor);
}
