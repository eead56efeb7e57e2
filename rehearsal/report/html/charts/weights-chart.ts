import type { LineSeriesOption } from "echarts/charts";
import type { ColoursReport } from "../../report-schema";
import type { Chart } from "./chart";
import { frame } from "./frame";
import type { Palette } from "./palette";
import type { Span } from "./span";

/** Who was given how much of the requests: a staircase, since weights turn at once. */
export function weightsChart({ colours: { from, to, weights } }: ColoursReport, span: Span): Chart {
    const steps = [...weights.map(call => ({ at: Math.max(0, (call.atMs - span.startMs) / 1000), call })), ...end(weights, span)];
    const area = (colour: "blue" | "green", palette: Palette): LineSeriesOption => ({
        type: "line", name: colour, stack: "weights", step: "end", symbol: "none", color: palette[colour],
        lineStyle: { width: 0 }, areaStyle: { color: palette[colour], opacity: 0.85 },
        data: steps.map(({ at, call }) => [at, call.weights[colour]]),
    });
    return {
        id: "weights", title: "Weights", heightPx: 130,
        description: `Share of the requests that ${to} was given: ${weights.map(call => `${call.weights[to]} %`).join(", ")}.`,
        legend: palette => [from, to].map(colour => ({ text: colour, colour: palette[colour] })),
        option: palette => {
            const { backdrop, yAxis, ...common } = frame(span, palette, { vertical: "% of requests" });
            return {
                ...common,
                yAxis: { ...yAxis, max: 100, splitNumber: 2 },
                tooltip: { ...common.tooltip, trigger: "axis", axisPointer: { type: "line" }, formatter: params => tooltipAt(steps, params) },
                series: [area(from, palette), area(to, palette), backdrop],
            };
        },
    };
}

interface Stair {
    readonly at: number;
    readonly call: ColoursReport["colours"]["weights"][number];
}

function end(weights: ColoursReport["colours"]["weights"], { endSeconds }: Span): readonly Stair[] {
    const last = weights.at(-1);
    return last === undefined ? [] : [{ at: endSeconds, call: last }];
}

function tooltipAt(steps: readonly Stair[], params: unknown): string {
    const [first] = Array.isArray(params) ? (params as readonly { readonly dataIndex?: number }[]) : [];
    const stair = steps[first?.dataIndex ?? -1];
    if (stair === undefined) return "";
    const { weights, ms, calls } = stair.call;
    const took = calls === 0 ? "as it was before" : `${ms} ms, ${calls === 1 ? "one call" : `${calls} calls`}`;
    return `<b>blue ${weights.blue} %, green ${weights.green} %</b><br>${took}<br><span style="opacity: 0.75">On AWS: ModifyListener of the load balancer</span>`;
}
