import type { BarSeriesOption } from "echarts/charts";
import { whole } from "../../figures";
import type { Report } from "../../report-schema";
import { escapeText } from "../markup";
import type { Chart } from "./chart";
import { frame } from "./frame";
import type { Palette } from "./palette";
import type { Span } from "./span";
import { colourOf, versionsOf } from "./versions";

/** Who answered, second by second, with what failed on top. */
export function requestsChart(report: Report, span: Span): Chart {
    const versions = versionsOf(report);
    const anyFailed = report.seconds.some(({ failed }) => failed > 0);
    return {
        id: "requests", title: "Requests per second", heightPx: 300,
        description: `${whole(report.requests.total)} requests, second by second, by the version that answered; ${whole(report.requests.failed)} failed.`,
        legend: palette => [
            ...versions.map(version => ({ text: nameOf(report, version), colour: colourOf(report, version, palette) })),
            ...(anyFailed ? [{ text: "failed", colour: palette.failed, striped: true }] : []),
        ],
        option: palette => {
            const { backdrop, ...common } = frame(span, palette, { vertical: "requests", named: true, handles: true });
            return {
                ...common,
                tooltip: { ...common.tooltip, trigger: "axis", axisPointer: { type: "line" }, formatter: params => tooltipAt(report, firstIndex(params)) },
                series: [...versions.map(version => bars(report, version, palette)), ...(anyFailed ? [failures(report, palette)] : []), backdrop],
            };
        },
    };
}

function bars(report: Report, version: string, palette: Palette): BarSeriesOption {
    return {
        type: "bar", name: version, stack: "requests", barCategoryGap: "12%", itemStyle: { color: colourOf(report, version, palette) },
        data: report.seconds.map(({ answered }, second) => [second + 0.5, answered[version] ?? 0]),
    };
}

function failures(report: Report, palette: Palette): BarSeriesOption {
    return {
        type: "bar", name: "failed", stack: "requests", barMinHeight: 3,
        itemStyle: { color: palette.failed, decal: { symbol: "rect", color: palette.surface, dashArrayX: [1, 0], dashArrayY: [1.5, 4], rotation: -Math.PI / 4 } },
        data: report.seconds.map(({ failed }, second) => [second + 0.5, failed === 0 ? "-" : failed]),
    };
}

function tooltipAt(report: Report, index: number): string {
    const second = report.seconds[index];
    if (second === undefined) return "";
    const rows = [...Object.entries(second.answered).map(([version, count]) => `${nameOf(report, version)}: <b>${whole(count)}</b>`), `failed: <b>${whole(second.failed)}</b>`];
    return [`<b>${index} s to ${index + 1} s</b>`, ...rows].join("<br>");
}

/** ECharts hands over one of them for each series. */
export function firstIndex(params: unknown): number {
    const [first] = Array.isArray(params) ? (params as readonly { readonly dataIndex?: number }[]) : [];
    return first?.dataIndex ?? -1;
}

function nameOf({ versions }: Report, version: string): string {
    const role = { [versions.before]: " (before)", [versions.after]: " (after)" }[version] ?? "";
    return `${escapeText(version)}${role}`;
}
