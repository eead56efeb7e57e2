import { milestones } from "../report-input";
import type { Report } from "../report-schema";

/** How long the release took to come to the clients, or to come and go. */
export interface RolloutSpan {
    readonly seconds: number;
    readonly wentBack: boolean;
}

/** With blue/green that is the first roll: those that flip back and forth after it are plays of their own. */
export function rolloutSpan(report: Report): RolloutSpan {
    if (report.strategy === "rolling") {
        return { seconds: report.rolloutSeconds, wentBack: report.events.some(({ event }) => event === milestones.rollbackStarted) };
    }
    const [first] = report.colours.steps;
    if (first === undefined) return { seconds: report.rolloutSeconds, wentBack: false };
    const own = report.colours.steps.filter(({ roll }) => roll === first.roll);
    const endMs = Math.max(...own.map(step => step.startMs + step.seconds * 1000));
    return { seconds: (endMs - first.startMs) / 1000, wentBack: own.some(({ phase }) => phase === "back") };
}
