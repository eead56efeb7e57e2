import type { BarSeriesOption, CustomSeriesOption, LineSeriesOption } from "echarts/charts";
import type { ComposeOption } from "echarts/core";
import type { DataZoomComponentOption, GridComponentOption, MarkAreaComponentOption, MarkLineComponentOption, TooltipComponentOption } from "echarts/components";
import type { Palette } from "./palette";

export type ChartOption = ComposeOption<
    | BarSeriesOption | LineSeriesOption | CustomSeriesOption
    | GridComponentOption | TooltipComponentOption | DataZoomComponentOption | MarkAreaComponentOption | MarkLineComponentOption
>;

/** A chart of the page: what the page says around it, and what is drawn in a browser. */
export interface Chart {
    /** Of its element. */
    readonly id: string;
    readonly title: string;
    /** What can be seen in it, for those who cannot see it. */
    readonly description: string;
    readonly heightPx: number;
    readonly legend: (palette: Palette) => readonly LegendEntry[];
    readonly option: (palette: Palette) => ChartOption;
}

export interface LegendEntry {
    readonly text: string;
    readonly colour: string;
    /** As failures are drawn: the colour alone shall not tell them. @default false */
    readonly striped?: boolean;
}
