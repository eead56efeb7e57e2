import type { LineSeriesOption } from "echarts/charts";
import type { DataZoomComponentOption, GridComponentOption, TooltipComponentOption } from "echarts/components";
import type { Palette } from "./palette";
import type { Span } from "./span";

/** Pixels beside the plots: the same in every chart, so that a second stands above the same second. */
const [leftPx, rightPx] = [76, 18];

export interface FrameWords {
    /** Unit or meaning of the vertical axis. */
    readonly vertical?: string;
    /** Names the phases and marks above the plot. @default false */
    readonly named?: boolean;
    /** Shows the handles by which the time is narrowed. @default false */
    readonly handles?: boolean;
}

/** What all charts have in common: one time, its phases and marks, and zooming. */
export function frame(span: Span, palette: Palette, { vertical, named = false, handles = false }: FrameWords) {
    const label = { color: palette.faint, fontSize: 11, fontFamily: "inherit" };
    return {
        animation: false,
        textStyle: { fontFamily: "inherit", color: palette.text },
        grid: { left: leftPx, right: rightPx, top: named ? 42 : 14, bottom: handles ? 62 : 26, outerBoundsMode: "none" } satisfies GridComponentOption,
        xAxis: {
            type: "value" as const, min: 0, max: span.endSeconds, containShape: false,
            axisLabel: { ...label, formatter: (value: number) => `${Number(value.toFixed(2))} s`, hideOverlap: true },
            axisLine: { show: true, lineStyle: { color: palette.line } }, axisTick: { show: false }, splitLine: { show: false },
            axisPointer: { show: true, snap: false, label: { show: false }, lineStyle: { color: palette.faint, type: "solid" as const, width: 1 }, triggerTooltip: false },
        },
        yAxis: {
            type: "value" as const, name: vertical ?? "", nameLocation: "middle" as const, nameGap: 46, nameTextStyle: label,
            axisLabel: label, splitNumber: 4, splitLine: { lineStyle: { color: palette.line, opacity: 0.6 } },
        },
        dataZoom: zooms(palette, handles),
        tooltip: tooltip(palette),
        backdrop: backdrop(span, palette, named),
    };
}

/** Under names of their own, so that what one chart does the others do with the same. */
function zooms(palette: Palette, handles: boolean): DataZoomComponentOption[] {
    return [
        // The wheel alone scrolls the page.
        { id: "inside", type: "inside", filterMode: "none", zoomOnMouseWheel: "ctrl", moveOnMouseMove: true, preventDefaultMouseMove: false },
        {
            id: "handles", type: "slider", filterMode: "none", show: handles, left: leftPx, right: rightPx, bottom: 6, height: 18,
            borderColor: palette.line, fillerColor: palette.phases.during, backgroundColor: "transparent", showDataShadow: false,
            handleStyle: { color: palette.surface, borderColor: palette.faint }, moveHandleSize: 0, brushSelect: true,
            textStyle: { color: palette.faint, fontSize: 11 }, labelFormatter: (value: number) => `${value.toFixed(1)} s`,
        },
    ];
}

function tooltip(palette: Palette): TooltipComponentOption {
    return {
        confine: true, transitionDuration: 0, backgroundColor: palette.surface, borderColor: palette.line, borderWidth: 1, padding: [8, 12],
        textStyle: { color: palette.text, fontSize: 13, fontFamily: "inherit" }, extraCssText: "max-width: 340px; white-space: normal; border-radius: 8px;",
    };
}

/** A line without points, which carries the shades of the phases and the marks. */
function backdrop({ phases, marks }: Span, palette: Palette, named: boolean): LineSeriesOption {
    return {
        type: "line", name: "", data: [], silent: true, tooltip: { show: false },
        markArea: {
            silent: true,
            label: { show: named, position: "top", distance: 22, color: palette.faint, fontSize: 11, fontWeight: 600 },
            data: phases.filter(({ from, until }) => until > from).map(({ phase, name, from, until }) => [
                { name, xAxis: from, itemStyle: { color: palette.phases[phase] } }, { xAxis: until },
            ]),
        },
        markLine: {
            silent: true, symbol: "none", animation: false,
            lineStyle: { color: palette.faint, type: "dashed", width: 1, opacity: 0.8 },
            data: marks.map(({ at, text }) => ({
                xAxis: at, label: { show: named && text !== "", formatter: text, position: "end", distance: 5, color: palette.faint, fontSize: 11 },
            })),
        },
    };
}
