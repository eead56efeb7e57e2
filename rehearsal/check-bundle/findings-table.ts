import Table from "cli-table3";
import { revisionOf } from "../../release/lifecycle";
import { archive } from "./checked-bundle";
import type { Finding } from "./finding";

/** Findings for a person: a table, and the verdict last. */
export function renderFindings(path: string, findings: readonly Finding[]): string {
    if (findings.length === 0) return `${path}: nothing found. A host takes this bundle.`;
    const table = new Table({ head: ["", "where", "what happens on a host"], style: { head: [], border: [] }, colWidths: [null, null, textWidth], wordWrap: true });
    for (const finding of findings) table.push([finding.severity, placeOf(finding), textOf(finding)]);
    return `${table.toString()}\n${verdictOf(path, findings)}`;
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

function verdictOf(path: string, findings: readonly Finding[]): string {
    const [errors = 0, warnings = 0] = (["error", "warning"] as const).map(wanted => findings.filter(({ severity }) => severity === wanted).length);
    const told = warnings === 0 ? "" : `, ${warnings} ${warnings === 1 ? "warning" : "warnings"}`;
    if (errors === 0) return `${path}: nothing would fail${told}.`;
    return `${path}: a deployment would fail: ${errors} ${errors === 1 ? "error" : "errors"}${told}.`;
}
