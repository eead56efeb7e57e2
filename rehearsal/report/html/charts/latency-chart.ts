import type { LineSeriesOption } from "echarts/charts";
import { ms } from "../../figures";
import type { Report } from "../../report-schema";
import type { Chart } from "./chart";
import { frame } from "./frame";
import { firstIndex } from "./requests-chart";
import type { Span } from "./span";

const lines = [
    { name: "p99", of: "p99Ms", colour: "worst", dash: "solid" },
    { name: "p50", of: "p50Ms", colour: "median", dash: [6, 3] },
] as const;

/** How fast the fast requests were answered, second by second. */
export function latencyChart({ seconds, latencyMs }: Report, span: Span): Chart {
    return {
        id: "latency", title: "Latency of fast requests", heightPx: 180,
        description: `Median and 99th percentile of the fast requests, second by second. Over all: p99 ${ms(latencyMs.before.p99)} before and ${ms(latencyMs.during.p99)} during the rollout.`,
        legend: palette => lines.map(({ name, colour }) => ({ text: name, colour: palette[colour] })),
        option: palette => {
            const { backdrop, ...common } = frame(span, palette, { vertical: "ms" });
            return {
                ...common,
                tooltip: { ...common.tooltip, trigger: "axis", axisPointer: { type: "line" }, formatter: params => {
                    const at = firstIndex(params);
                    const second = seconds[at];
                    return second === undefined ? "" : `<b>${at} s to ${at + 1} s</b><br>p99: <b>${ms(second.p99Ms)}</b><br>p50: <b>${ms(second.p50Ms)}</b>`;
                } },
                series: [...lines.map(({ name, of, colour, dash }): LineSeriesOption => ({
                    type: "line", name, symbol: "circle", symbolSize: 4, showSymbol: seconds.length <= 60, color: palette[colour],
                    lineStyle: { width: 2, type: dash === "solid" ? dash : [...dash] },
                    data: seconds.map((second, at) => [at + 0.5, second[of] ?? "-"]),
                })), backdrop],
            };
        },
    };
}
