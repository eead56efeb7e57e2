import type { Report } from "../../report-schema";
import { barSeries, laneHeightPx, type Bar } from "./bars";
import type { Chart, LegendEntry } from "./chart";
import { frame } from "./frame";
import { instanceBars, lanesOf } from "./lanes";
import type { Kind, Palette } from "./palette";
import type { Span } from "./span";
import { stepBars } from "./steps";

const instanceLegend: Lanes["words"] = { traffic: "out of and into the load balancer", stop: "stop", install: "install", start: "start", validate: "validate", other: "other" };
const stepLegend: Lanes["words"] = { install: "prepare", start: "bring the release", traffic: "who gets the requests", watch: "watch", stop: "take back", validate: "tidy up", other: "other" };

/** One lane for each instance, with what CodeDeploy did on it. */
export function instancesChart(report: Report, span: Span): Chart {
    const bars = instanceBars(report, span);
    const lanes = lanesOf(bars);
    return laneChart({
        id: "instances", title: "Instances", bars, lanes, span, words: instanceLegend,
        description: `The lifecycle events of ${lanes.length} instances${failedOf(bars, "; failed")}.`,
    });
}

/** One lane for each roll of blue/green, with its steps. */
export function stepsChart(report: Extract<Report, { strategy: "blueGreen" }>, span: Span): Chart {
    const bars = stepBars(report, span);
    const lanes = [...new Set(bars.map(({ lane }) => lane))];
    return laneChart({
        id: "steps", title: "Steps of the roll", bars, lanes, span, words: stepLegend,
        description: `${bars.length} steps in ${lanes.length} lanes${failedOf(bars, "; failed")}.`,
    });
}

interface Lanes {
    readonly id: string;
    readonly title: string;
    readonly description: string;
    readonly bars: readonly Bar[];
    readonly lanes: readonly string[];
    readonly span: Span;
    readonly words: Readonly<Partial<Record<Kind, string>>>;
}

function laneChart({ bars, lanes, span, words, ...about }: Lanes): Chart {
    return {
        ...about,
        heightPx: lanes.length * laneHeightPx + 40,
        legend: palette => legend(bars, words, palette),
        option: palette => {
            const { backdrop, yAxis: { axisLabel }, ...common } = frame(span, palette, {});
            return {
                ...common,
                tooltip: { ...common.tooltip, trigger: "item" },
                yAxis: {
                    type: "category", data: [...lanes], inverse: true, axisTick: { show: false }, axisLine: { show: false },
                    axisLabel: { ...axisLabel, color: palette.text, width: 66, overflow: "truncate", interval: 0 },
                    splitLine: { show: true, lineStyle: { color: palette.line, opacity: 0.6 } },
                },
                series: [backdrop, barSeries(bars, lanes, palette)],
            };
        },
    };
}

function legend(bars: readonly Bar[], words: Lanes["words"], palette: Palette): readonly LegendEntry[] {
    const seen = new Set(bars.map(({ kind }) => kind));
    const kinds = (Object.keys(words) as Kind[]).filter(kind => seen.has(kind));
    const failed = bars.some(({ problem }) => problem !== undefined);
    return [
        ...kinds.map(kind => ({ text: words[kind] ?? kind, colour: palette.kinds[kind].fill })),
        ...(failed ? [{ text: "✕ failed", colour: palette.failed }] : []),
    ];
}

function failedOf(bars: readonly Bar[], words: string): string {
    const failed = bars.filter(({ problem }) => problem !== undefined);
    return failed.length === 0 ? "" : `${words}: ${failed.map(({ lane, name }) => `${name} of ${lane}`).join(", ")}`;
}
