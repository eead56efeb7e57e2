import Table from "cli-table3";
import pc from "picocolors";
import { inSeconds, ms } from "./figures";
import type { ColoursReport } from "./report-schema";
import { sparkline } from "./sparkline";
import { stepRows } from "./step-rows";

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

/** What took how long, beside what was expected of it; a flip in one row. What went wrong at a step is the verdict's to tell. */
export function stepTable(report: ColoursReport): string {
    const table = new Table({
        head: ["step", "forecast", "measured", "on AWS"],
        colAligns: ["left", "right", "right", "right"],
        style: { head: [], border: [], compact: true },
    });
    for (const { name, failed, forecastSeconds, measuredSeconds, onAwsSeconds } of stepRows(report)) {
        table.push([failed ? pc.red(`${name}: failed`) : name, inSeconds(forecastSeconds), inSeconds(measuredSeconds), inSeconds(onAwsSeconds)]);
    }
    return table.toString();
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
export function flipLine({ colours: { to, from, flip, flipBack, weights } }: ColoursReport): string {
    if (weights.every(each => each.weights[from] === 100)) return `never: ${from} had all requests throughout`;
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
