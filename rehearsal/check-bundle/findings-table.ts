import Table from "cli-table3";
import { revisionOf } from "../../release/lifecycle";
import { archive } from "./checked-bundle";
import { severities, verdictOf, type Finding } from "./finding";

/** Findings for a person: a table, and the verdict last. */
export function renderFindings(path: string, findings: readonly Finding[]): string {
    if (findings.length === 0) return `${path}: found nothing that would fail.`;
    const table = new Table({ head: ["", "where", "what happens on a host"], style: { head: [], border: [] }, colWidths: [null, null, textWidth], wordWrap: true });
    for (const finding of findings) table.push([severityWords[finding.severity], placeOf(finding), textOf(finding)]);
    return `${table.toString()}\n${summaryOf(path, findings)}`;
}

/** Columns of a terminal for a text, so that with its place it fits into 100. */
const textWidth = 66;

function placeOf({ file, line }: Finding): string {
    return line === undefined ? file : `${file}:${line}`;
}

function textOf({ event, errorCode, happens, fix }: Finding): string {
    const failure = event === undefined ? [] : [`${event} fails with code ${errorCode ?? ""}, ${trafficAt(event)}:`];
    return [...failure, happens.replaceAll(archive, "<bundle>"), `fix: ${fix}`].join("\n");
}

/** What an event's failure means for the clients, where there is a balancer. */
function trafficAt(event: NonNullable<Finding["event"]>): string {
    if (revisionOf(event) === "lastInstalled") return "at the next deployment";
    return event === "AfterAllowTraffic" ? "when it serves again" : "when traffic is blocked";
}

const severityWords = { error: "error", notChecked: "not checked", warning: "warning" } as const;

const verdictWords = {
    fails: "a deployment would fail",
    notChecked: "not all of it could be looked at",
    passes: "found nothing that would fail",
} as const;

function summaryOf(path: string, findings: readonly Finding[]): string {
    const counts = severities.flatMap(wanted => {
        const count = findings.filter(({ severity }) => severity === wanted).length;
        if (count === 0) return [];
        return wanted === "notChecked" ? [`${count} not checked`] : [`${count} ${wanted}${count === 1 ? "" : "s"}`];
    });
    const verdict = verdictOf(findings);
    return `${path}: ${verdictWords[verdict]}${verdict === "passes" ? "," : ":"} ${counts.join(", ")}.`;
}
