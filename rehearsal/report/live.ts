import pc from "picocolors";
import { type Colour, colours as bothColours } from "../../release/blue-green/colour";
import { endedMs, failed, type RequestRecord } from "../load/request-record";

/** An instance as a person watches it. */
export interface LiveInstance {
    readonly id: string;
    /** What the balancer thinks of it, such as `serving` or `draining`. */
    readonly state: string;
    /** The lifecycle event under way on it, if any. */
    readonly event?: string;
    /** The fleet that it is of, when there are two. */
    readonly colour?: Colour;
}

/** What a live view shows. */
export interface LiveState {
    /** The present, on the clock of the records. */
    readonly nowMs: number;
    readonly records: readonly RequestRecord[];
    readonly instances: readonly LiveInstance[];
    /** With blue/green: what the two colours are given, and what is done. @default one fleet */
    readonly colours?: LiveColours;
}

/** The two colours as a person watches them. */
export interface LiveColours {
    readonly weights: Readonly<Record<Colour, number>>;
    /** The step under way, such as `shift 10 %`; none between two. */
    readonly step?: string;
}

/** A rehearsal at this moment: one line about the requests of the last second, then one about each instance, under its colour if there are two. */
export function renderLive({ nowMs, records, instances, colours }: LiveState): readonly string[] {
    const recent = records.filter(record => endedMs(record) > nowMs - 1000);
    const lost = records.filter(failed).length;
    const failedSoFar = `${lost.toLocaleString("en-US")} of ${records.length.toLocaleString("en-US")} failed`;
    const requests = [`${recent.length} requests/s`, lost > 0 ? pc.red(failedSoFar) : failedSoFar, ...shares(recent)].join("  ");

    const width = (of: (instance: LiveInstance) => string): number => Math.max(0, ...instances.map(each => of(each).length));
    const [idWidth, stateWidth] = [width(({ id }) => id), width(({ state }) => state)];
    const line = ({ id, state, event = "" }: LiveInstance): string => `  ${id.padEnd(idWidth)}  ${state.padEnd(stateWidth)}  ${event}`.trimEnd();
    if (colours === undefined) return [requests, ...instances.map(line)];
    return [
        [requests, colours.step].filter(Boolean).join("  "),
        ...bothColours.flatMap(colour => [
            `${colour.padEnd("green".length)} ${String(colours.weights[colour]).padStart(3)} %  ${bar(colours.weights[colour])}`.trimEnd(),
            ...instances.filter(instance => instance.colour === colour).map(line),
        ]),
    ];
}

function bar(percent: number): string {
    return "█".repeat(Math.round(percent / 5));
}

/** Who answers: each release with its share of the answers, in the order of their names. */
function shares(recent: readonly RequestRecord[]): readonly string[] {
    const answered = recent.filter(record => !failed(record));
    const counts = new Map<string, number>();
    for (const { version = "unknown" } of answered) counts.set(version, (counts.get(version) ?? 0) + 1);
    return [...counts].sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([version, count]) => `${version} ${Math.round((count / answered.length) * 100)} %`);
}
