import { ms, whole } from "../../figures";
import type { Report } from "../../report-schema";
import { rolloutSpan } from "../rollout-span";
import { seconds, timeOfDay } from "../figures";
import { html, type Markup } from "../markup";

const badges = { passed: "Passed", failed: "Failed", rolledBack: "Rolled back" } as const;
const strategies = { rolling: "rolling", blueGreen: "blue/green" } as const;

/** The verdict, and the figures that it rests on. */
export function headSection(report: Report): Markup {
    const { verdict, reason, stage, strategy, instances, versions, seconds: [first] } = report;
    const about = [
        `Stage ${stage}`, strategies[strategy], `${whole(instances)} instances`, `${versions.before} → ${versions.after}`,
        ...(first === undefined ? [] : [timeOfDay(first.atMs)]),
    ];
    return html`<header class="${verdict}">
<p class="badge">${badges[verdict]}</p>
<h1>${reason}</h1>
<p class="about">${about.join(" · ")}</p>
<dl class="figures">${figures(report).map(({ title, value, note, bad }) => html`
<div${bad ? html` class="bad"` : undefined}><dt>${title}</dt><dd>${value}</dd><dd class="note">${note}</dd></div>`)}
</dl>
</header>`;
}

interface Figure {
    readonly title: string;
    readonly value: string;
    readonly note: string;
    readonly bad?: boolean;
}

function figures(report: Report): readonly Figure[] {
    const { requests, latencyMs, ratePerSecond } = report;
    return [
        { title: "Requests", value: whole(requests.total), note: `${whole(ratePerSecond)} per second, ${whole(requests.slow)} of them slow` },
        { title: "Failed", value: whole(requests.failed), note: "without a good answer", bad: requests.failed > 0 },
        { title: "Longest gap", value: `${whole(Math.round(requests.longestGapMs))} ms`, note: "without a good answer" },
        { title: "p99 of fast requests", value: ms(latencyMs.during.p99), note: `during, ${ms(latencyMs.before.p99)} before` },
        ...rolloutFigures(report),
    ];
}

/** How soon a bad release is noticed depends on how it is bad, so a way back is compared with nothing. */
function rolloutFigures(report: Report): readonly Figure[] {
    const { forecast, lowerBoundSeconds } = report;
    const span = rolloutSpan(report);
    const value = seconds(span.seconds);
    if (span.wentBack) return [{ title: "Rollout", value, note: "until all was back" }];
    const rollout = { title: "Rollout", value, note: `${seconds(forecast.rolloutSeconds)} forecast` };
    if (lowerBoundSeconds === 0) return [rollout];
    return [rollout, { title: "Over lower bound", value: `${(span.seconds / lowerBoundSeconds).toFixed(2)}×`, note: `${seconds(lowerBoundSeconds)} at the least` }];
}
