import { milestones } from "../../report-input";
import { type Phase, rolloutTimes } from "../../phases";
import type { Report } from "../../report-schema";

/** The time that all charts share, in seconds from the start of the load. */
export interface Span {
    readonly startMs: number;
    readonly endSeconds: number;
    readonly phases: readonly PhaseSpan[];
    /** Beginnings of waves, or changes of the weights. */
    readonly marks: readonly Mark[];
}

export interface PhaseSpan {
    readonly phase: Phase;
    /** Empty where there is no room for it. */
    readonly name: string;
    readonly from: number;
    readonly until: number;
}

export interface Mark {
    readonly at: number;
    /** Empty where it would cover the one before. */
    readonly text: string;
}

/** Of the whole time; a mark's words are about as wide, on a screen and on a phone. */
const [narrowestShare, narrowestOnPhone] = [0.045, 0.18];

/** @param phone leaves out the names for which a phone has no room */
export function spanOf(report: Report, phone = false): Span {
    const share = phone ? narrowestOnPhone : narrowestShare;
    const startMs = report.seconds[0]?.atMs ?? report.events[0]?.atMs ?? 0;
    const at = (atMs: number): number => (atMs - startMs) / 1000;
    const endSeconds = Math.max(1, report.seconds.length, ...report.events.map(({ atMs }) => Math.ceil(at(atMs))));
    return { startMs, endSeconds, phases: phasesOf(report, at, endSeconds).map(phase => nameIfWide(phase, share * endSeconds)), marks: thinOut(marksOf(report, at), share * endSeconds) };
}

type At = (atMs: number) => number;

function phasesOf(report: Report, at: At, endSeconds: number): readonly PhaseSpan[] {
    const { startMs, rollbackMs: rolledBackMs, endMs } = rolloutTimes(report.events);
    const [rollbackMs, rollback] = report.strategy === "blueGreen" ? [wayBackMs(report), "way back"] : [rolledBackMs, "rollback"];
    return [
        { phase: "before", name: "before", from: 0, until: at(startMs) },
        { phase: "during", name: "during", from: at(startMs), until: at(rollbackMs ?? endMs) },
        ...(rollbackMs === undefined ? [] : [{ phase: "rollback", name: rollback, from: at(rollbackMs), until: at(endMs) } as const]),
        { phase: "after", name: "after", from: at(endMs), until: endSeconds },
    ];
}

function wayBackMs({ colours: { steps } }: Extract<Report, { strategy: "blueGreen" }>): number | undefined {
    return steps.find(({ phase, roll }) => phase === "back" || roll !== steps[0]?.roll)?.startMs;
}

function marksOf(report: Report, at: At): readonly Mark[] {
    if (report.strategy === "blueGreen") {
        const { weights, to } = report.colours;
        return weights.filter(({ calls }) => calls > 0).map(call => ({ at: at(call.atMs), text: `${call.weights[to]} %` }));
    }
    return report.events.filter(({ event }) => event === milestones.waveStarted)
        .map(({ atMs, detail = "" }) => ({ at: at(atMs), text: `wave ${detail.split(":")[0] ?? ""}`.trim() }));
}

function nameIfWide(phase: PhaseSpan, wide: number): PhaseSpan {
    return phase.until - phase.from < wide ? { ...phase, name: "" } : phase;
}

function thinOut(marks: readonly Mark[], apart: number): readonly Mark[] {
    let named = -Infinity;
    return marks.map(mark => {
        if (mark.at - named < apart) return { ...mark, text: "" };
        named = mark.at;
        return mark;
    });
}
