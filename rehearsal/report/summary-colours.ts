import Table from "cli-table3";
import pc from "picocolors";
import { ms } from "./figures";
import type { ColoursReport } from "./report-schema";
import { sparkline } from "./sparkline";

type Seconds = ColoursReport["seconds"];

/** Who was given how much of the requests, second by second, under the rows of who answered. */
export function weightRows({ seconds, colours: { from, to, weights } }: ColoursReport, nameWidth: number, columns: number): readonly string[] {
    return [from, to].map(colour => {
        const percents = seconds.map(second => weights.findLast(({ atMs }) => atMs < endOf(second))?.weights[colour] ?? 0);
        return `${colour.padEnd(nameWidth)} |${sparkline(percents, 100, columns)}|`;
    });
}

function endOf({ atMs }: Seconds[number]): number {
    return atMs + 1000;
}

/** What took how long, beside what was expected of it. */
export function stepTable({ colours: { steps, rolls }, forecast }: ColoursReport): string {
    const table = new Table({
        head: ["step", "seconds", "forecast"],
        colAligns: ["left", "right", "right"],
        style: { head: [], border: [], compact: true },
    });
    for (const step of steps) {
        const way = wayOf(step, rolls.findIndex(({ id }) => id === step.roll));
        const what = [describeStep(step), way].filter(Boolean).join(" ");
        const expected = way === "" ? forecast.secondsPerStep[step.name] : undefined;
        table.push([step.problem === undefined ? what : pc.red(`${what}: ${step.problem}`), step.seconds.toFixed(1), expected?.toFixed(1) ?? "-"]);
    }
    return table.toString();
}

/** A step as people call it, such as `shift 10 %`. */
export function describeStep({ name, percent }: { readonly name: string; readonly percent?: number | undefined }): string {
    return percent === undefined ? name : `${name} ${percent} %`;
}

/** @param number of its roll, from 0; the others lead back and forth again */
function wayOf({ phase }: ColoursReport["colours"]["steps"][number], number: number): string {
    if (phase === "back") return "(way back)";
    if (number <= 0) return "";
    return number % 2 === 1 ? "(flip back)" : "(flip forth)";
}

/** How long the first roll took. */
export function rollLine({ colours: { steps }, forecast, lowerBoundSeconds, timeScale }: ColoursReport): string {
    const own = steps.filter(({ roll }) => roll === steps[0]?.roll);
    const endMs = Math.max(...own.map(({ startMs, seconds }) => startMs + seconds * 1000));
    const seconds = own[0] === undefined ? 0 : (endMs - own[0].startMs) / 1000;
    const expected = own.some(({ phase }) => phase === "back")
        ? "until all was back"
        : `${forecast.rolloutSeconds.toFixed(1)} s forecast, ${lowerBoundSeconds.toFixed(1)} s at the least`;
    return `${seconds.toFixed(1)} s (${expected}${timeScale === 1 ? "" : `, at time scale ${timeScale}`})`;
}

/** How long clients waited for a change of the weights. */
export function flipLine({ colours: { to, from, flip, flipBack } }: ColoursReport): string {
    const told = [
        ...(flip ? [`all to ${to} ${call(flip)}`] : []),
        ...(flipBack ? [`all back to ${from} ${call(flipBack)}`] : []),
    ];
    return told.length === 0 ? "never to one colour alone" : told.join("; ");
}

function call({ ms: took, calls }: { readonly ms: number; readonly calls: number }): string {
    return `${ms(took)}, ${calls === 1 ? "one call" : `${calls} calls`}`;
}

/** With how many targets the clients were left at worst. */
export function capacityLine({ colours: { capacityFloor }, instances, forecast }: ColoursReport): string {
    const expected = `${Math.round(forecast.capacityFloor * 100)} % forecast`;
    if (capacityFloor === null) return `not measured (${expected})`;
    return `${Math.round(capacityFloor * 100)} % of ${instances} instances at the least, of each colour that serves (${expected})`;
}
