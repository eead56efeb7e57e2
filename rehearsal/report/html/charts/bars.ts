import type { CustomSeriesOption } from "echarts/charts";
import { escapeText } from "../markup";
import type { Kind, Palette } from "./palette";

/** Something that took a time, in a lane. */
export interface Bar {
    readonly lane: string;
    readonly name: string;
    readonly kind: Kind;
    /** Seconds from the start of the load. */
    readonly from: number;
    readonly until: number;
    /** Why it failed; undefined = it did not. */
    readonly problem?: string;
    /** What it is called on AWS, and who does it there. */
    readonly onAws: string;
}

export const laneHeightPx = 26;
/** Many hooks take a millisecond, and yet they were there. */
const narrowestPx = 2;
/** Room for the mark of a failure. */
const narrowestFailedPx = 14;
const fewestPxForName = 56;
const [characterPx, paddingPx] = [6.4, 8];
const lettering = { fontSize: 11, fontFamily: "inherit" } as const;

/** Bars in lanes, with their names in those that are wide enough. */
export function barSeries(bars: readonly Bar[], lanes: readonly string[], palette: Palette): CustomSeriesOption {
    return {
        type: "custom", name: "bars", clip: true, encode: { x: [1, 2], y: 0 },
        data: bars.map(({ lane, from, until }) => [lanes.indexOf(lane), from, until]),
        tooltip: { formatter: params => describe(bars[(params as { readonly dataIndex: number }).dataIndex]) },
        renderItem: ({ dataIndex, coordSys }, api) => {
            const bar = bars[dataIndex];
            const [left = 0, middle = 0] = api.coord([api.value(1), api.value(0)]);
            const [right = 0] = api.coord([api.value(2), api.value(0)]);
            const width = Math.max(bar?.problem === undefined ? narrowestPx : narrowestFailedPx, right - left);
            const height = laneHeightPx * 0.68;
            return {
                type: "rect",
                shape: { x: left, y: middle - height / 2, width, height, r: Math.min(3, width / 2) },
                ...look(bar, width, bar === undefined ? 0 : freeAfter(bar, bars, { api, coordSys }) - left - width, palette),
            };
        },
    };
}

type Place = Parameters<NonNullable<CustomSeriesOption["renderItem"]>>;

/** Where the next bar of a lane begins, or the plot ends. */
function freeAfter({ lane, from }: Bar, bars: readonly Bar[], { api, coordSys }: { readonly api: Place[1]; readonly coordSys: Place[0]["coordSys"] }): number {
    const next = Math.min(...bars.filter(other => other.lane === lane && other.from > from).map(other => other.from));
    const { x = 0, width = 0 } = coordSys as { readonly x?: number; readonly width?: number };
    return Math.min(x + width, next === Infinity ? Infinity : api.coord([next, 0])[0] ?? 0);
}

function look(bar: Bar | undefined, width: number, freePx: number, palette: Palette) {
    const { kind = "other", name = "", problem } = bar ?? {};
    return problem === undefined ? lookOfDone(name, palette.kinds[kind], width, palette) : lookOfFailed(name, width, freePx, palette);
}

function lookOfDone(name: string, { fill, ink }: Palette["kinds"][Kind], width: number, { text }: Palette) {
    return {
        z2: 1,
        style: { fill },
        emphasis: { style: { stroke: text, lineWidth: 1 } },
        textConfig: { position: "insideLeft" as const, distance: 4 },
        textContent: {
            type: "text" as const, z2: 2,
            style: { ...lettering, text: nameFor(name, width), fill: ink, width: width - paddingPx, overflow: "truncate" as const },
        },
    };
}

/** Above what came after it, which may be close. Its name stands beside it where it is too narrow and nothing comes soon. */
function lookOfFailed(name: string, width: number, freePx: number, { failed, surface, text }: Palette) {
    const words = mark(name, width);
    const beside = words === "✕" && freePx >= widthOf(`✕ ${name}`);
    return {
        z2: 10,
        style: { fill: failed, stroke: surface, lineWidth: 1 },
        emphasis: { style: { stroke: text } },
        textConfig: beside ? { position: "right" as const, distance: 4 } : { position: "inside" as const },
        textContent: { type: "text" as const, z2: 11, style: { ...lettering, text: beside ? `✕ ${name}` : words, fill: beside ? failed : surface, fontWeight: 700 } },
    };
}

function nameFor(name: string, width: number): string {
    return width >= Math.min(fewestPxForName, name.length * characterPx + paddingPx) ? name : "";
}

function mark(name: string, width: number): string {
    const whole = `✕ ${name}`;
    return width >= widthOf(whole) ? whole : "✕";
}

function widthOf(words: string): number {
    return words.length * characterPx + paddingPx;
}

function describe(bar: Bar | undefined): string {
    if (bar === undefined) return "";
    const { lane, name, from, until, problem, onAws } = bar;
    const took = until - from < 0.1 ? `${Math.round((until - from) * 1000)} ms` : `${(until - from).toFixed(1)} s`;
    return [
        `<b>${escapeText(name)}</b> · ${escapeText(lane)}`,
        `${took}, from ${from.toFixed(1)} s to ${until.toFixed(1)} s`,
        ...(problem === undefined ? [] : [`<b>failed</b>: ${escapeText(problem)}`]),
        `<span style="opacity: 0.75">On AWS: ${escapeText(onAws)}</span>`,
    ].join("<br>");
}
