import Table from "cli-table3";
import pc from "picocolors";
import type { FaultsReport } from "../faults/faults-report";
import type { FaultVerdict } from "../faults/judge-fault";
import { whole } from "./figures";

/** With the lines between them 100 columns, which a terminal and a CI job's log have. */
const colWidths = [23, 42, 17, 6, 6];
/** What happened is told in full by the JSON. */
const longestText = 160;

/** Faults for a terminal: what happened, how many requests it cost, whether the promise was kept; below it, why not. */
export function renderFaults({ verdict, faults, unfinished, problems, reproduce }: FaultsReport): string {
    const table = new Table({
        head: ["fault", "what happened, what we promise", "failed", "s", "kept"],
        colAligns: ["left", "left", "right", "right", "left"],
        colWidths,
        wordWrap: true,
        // Its own colours ignore NO_COLOR; picocolors does not.
        style: { head: [], border: [] },
    });
    for (const { fault, happened, requests, seconds, promise, kept } of faults) {
        table.push([fault, `${shortened(happened)}\n${pc.dim(`promise: ${promise}`)}`, cost(requests), seconds.toFixed(0), kept ? pc.green("yes") : pc.red("NO")]);
    }
    const bounds = faults.flatMap(({ fault, requests: { because, mayFail } }) => because === undefined ? [] : [`${fault}: ${mayFail} may fail: ${because}`]);
    const reasons = faults.flatMap(({ fault, broken }) => broken.map(problem => `${fault}: ${problem}`));
    const rest = unfinished.length === 0 ? [] : [`not brought to an end: ${unfinished.join(", ")}`];
    return [
        summary(verdict, faults), "",
        ...(faults.length > 0 ? [table.toString()] : []),
        ...bounds, ...[...reasons, ...problems, ...rest].map(each => pc.red(each)),
        `repeat with ${reproduce}`,
    ].join("\n");
}

function cost({ total, failed, mayFail }: FaultVerdict["requests"]): string {
    return `${whole(failed)} of ${whole(total)}${mayFail > 0 ? `\n(${whole(mayFail)} may)` : ""}`;
}

/** In one line, and cut between two words. */
function shortened(text: string): string {
    const line = text.replaceAll(/\s+/g, " ");
    return line.length <= longestText ? line : `${line.slice(0, longestText - 1).replace(/\s\S*$/, "")} …`;
}

function summary(verdict: FaultsReport["verdict"], faults: readonly FaultVerdict[]): string {
    const kept = faults.filter(fault => fault.kept).length;
    const badge = verdict === "passed" ? pc.green("PASSED") : pc.red("FAILED");
    return `${pc.bold(badge)}  ${kept} of ${faults.length} promises were kept.`;
}
