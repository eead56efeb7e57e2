import Table from "cli-table3";
import pc from "picocolors";
import type { FaultVerdict } from "../faults/judge-fault";
import { whole } from "./figures";

/** Faults for a terminal: what happened, how many requests it cost, whether the promise was kept; below it, why not. */
export function renderFaults(verdicts: readonly FaultVerdict[]): string {
    const table = new Table({
        head: ["fault", "what happened", "failed", "seconds", "promise", "kept"],
        colAligns: ["left", "left", "right", "right", "left", "left"],
        colWidths: [null, 44, null, null, 40, null],
        wordWrap: true,
        // Its own colours ignore NO_COLOR; picocolors does not.
        style: { head: [], border: [] },
    });
    for (const { fault, happened, requests, seconds, promise, kept } of verdicts) {
        table.push([fault, happened, cost(requests), seconds.toFixed(0), promise, kept ? pc.green("yes") : pc.red("NO")]);
    }
    const reasons = verdicts.flatMap(({ fault, broken }) => broken.map(problem => pc.red(`${fault}: ${problem}`)));
    const bounds = verdicts.flatMap(({ fault, requests: { because, mayFail } }) => because === undefined ? [] : [`${fault}: ${mayFail} may fail: ${because}`]);
    return [summary(verdicts), "", table.toString(), ...bounds, ...reasons].join("\n");
}

function cost({ total, failed, mayFail }: FaultVerdict["requests"]): string {
    return `${whole(failed)} of ${whole(total)}${mayFail > 0 ? `\n(${whole(mayFail)} may)` : ""}`;
}

function summary(verdicts: readonly FaultVerdict[]): string {
    const kept = verdicts.filter(verdict => verdict.kept).length;
    const badge = kept === verdicts.length ? pc.green("PASSED") : pc.red("FAILED");
    return `${pc.bold(badge)}  ${kept} of ${verdicts.length} promises were kept.`;
}
