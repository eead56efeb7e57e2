import type { Report } from "../../report-schema";
import type { Palette } from "./palette";

/** The releases that answered: the two of the rollout first, in their order, then whatever else. */
export function versionsOf({ seconds, versions }: Report): readonly string[] {
    const seen = new Set(seconds.flatMap(({ answered }) => Object.keys(answered)));
    return [...new Set([versions.before, versions.after, ...seen])].filter(version => seen.has(version));
}

/** With blue/green a version has the colour that it runs on. */
export function colourOf(report: Report, version: string, palette: Palette): string {
    const { before, after } = report.versions;
    const [from, to] = report.strategy === "blueGreen" ? [report.colours.from, report.colours.to] : ["blue", "green"] as const;
    if (version === before) return palette[from];
    if (version === after) return palette[to];
    const others = versionsOf(report).filter(each => each !== before && each !== after);
    return palette.others[others.indexOf(version) % palette.others.length] ?? palette.faint;
}
