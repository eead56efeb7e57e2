import Table from "cli-table3";
import pc from "picocolors";
import type { Report } from "./report";
import { ms, whole } from "./figures";
import { otherFailures } from "./other-failures";
import { sparkline } from "./sparkline";
import { capacityLine, flipLine, rollLine, stepTable, weightRows } from "./summary-colours";
import { rolloutLine, waveTable } from "./summary-rolling";

const mostFailureLines = 5;
const sparklineColumns = 60;
const adviceColumns = 96;

/** The report for a terminal: the verdict first, then the figures behind it. */
export function renderSummary(report: Report): string {
    const facts: readonly (readonly [label: string, lines: readonly string[]])[] = [
        ["requests/s", answersByVersion(report)],
        ...(report.strategy === "blueGreen" ? [["weights", weightRows(report, nameWidth(report), sparklineColumns)] as const] : []),
        ["failures", failureLines(report)],
        ["advice", report.advice.flatMap(({ what, fix }) => [...wrapped(what, adviceColumns), ...wrapped(fix, adviceColumns - 2).map(line => `  ${line}`)])],
        ...(report.strategy === "blueGreen"
            ? [["rollout", [rollLine(report)]], ["weights set", [flipLine(report)]], ["capacity", [capacityLine(report)]]] as const
            : [["rollout", [rolloutLine(report)]]] as const),
        ["longest gap", [`${report.requests.longestGapMs} ms without a good answer`]],
        ["load", [`seed ${report.seed}, sent ${ms(report.loadGenerator.lagP99Ms)} late at most (p99)`]],
    ];
    const rows = facts.flatMap(([label, lines]) => lines.map((line, row) => `${(row === 0 ? label : "").padEnd(12)}${line}`));
    const tables = [phaseTable(report), "", report.strategy === "blueGreen" ? stepTable(report) : waveTable(report)];
    return [verdictLine(report), "", ...tables, "", ...rows].map(line => line.trimEnd()).join("\n");
}

function verdictLine({ verdict, reason }: Report): string {
    const badge = { passed: pc.green("PASSED"), failed: pc.red("FAILED"), rolledBack: pc.yellow("ROLLED BACK") }[verdict];
    return `${pc.bold(badge)}  ${reason}`;
}

function phaseTable({ requests, latencyMs }: Report): string {
    const table = new Table({
        head: ["phase", "requests", "failed", "fast p50", "fast p99"],
        colAligns: ["left", "right", "right", "right", "right"],
        // Its own colours ignore NO_COLOR; picocolors does not.
        style: { head: [], border: [] },
    });
    for (const phase of ["before", "during", "rollback", "after"] as const) {
        const counts = requests.byPhase[phase];
        if (counts === undefined) continue;
        const failed = whole(counts.failed);
        table.push([
            phase, whole(counts.total), counts.failed > 0 ? pc.red(failed) : failed,
            ms(latencyMs[phase]?.p50 ?? null), ms(latencyMs[phase]?.p99 ?? null),
        ]);
    }
    return table.toString();
}

/** So that all rows of bars begin in one column. */
function nameWidth({ seconds }: Report): number {
    return Math.max("failed".length, ...seconds.flatMap(({ answered }) => Object.keys(answered)).map(name => name.length));
}

function answersByVersion(report: Report): readonly string[] {
    const { seconds, versions } = report;
    const seen = new Set(seconds.flatMap(second => Object.keys(second.answered)));
    // The two of the rollout first, in their order, then whatever else answered.
    const names = [...new Set([versions.before, versions.after, ...seen])].filter(name => seen.has(name));
    const series = names.map(name => [name, seconds.map(second => second.answered[name] ?? 0)] as const);
    const failed = seconds.map(second => second.failed);
    const most = Math.max(1, ...series.flatMap(([, counts]) => counts), ...failed);
    const width = nameWidth(report);
    const row = (name: string, counts: readonly number[]): string =>
        `${name.padEnd(width)} |${sparkline(counts, most, sparklineColumns)}|`;
    return [
        ...series.map(([name, counts]) => row(name, counts)),
        ...(failed.some(count => count > 0) ? [pc.red(row("failed", failed))] : []),
    ];
}

function failureLines({ failures }: Report): readonly string[] {
    const lines = failures.slice(0, mostFailureLines).map(({ count, cause, instance, running, phase }) => {
        const from = instance === undefined ? "" : ` from ${instance}`;
        const when = running.length > 0 ? `during ${running.join(", ")}` : `no lifecycle event running (${phase})`;
        return `${whole(count)} × ${cause}${from}, ${when}`;
    });
    return [...lines, otherFailures(failures, mostFailureLines) ?? []].flat();
}

/** A text in lines that are no longer than a terminal is wide. */
function wrapped(text: string, columns: number): readonly string[] {
    return text.match(new RegExp(`\\S(?:.{0,${columns - 1}})(?=\\s|$)`, "g")) ?? [];
}
