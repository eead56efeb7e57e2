import Table from "cli-table3";
import type { Running, SettledEntry, ToldDeployment } from "./history";

/** A line of the history: an entry of the journal, or a deployment that none names. */
export interface HistoryRow {
    readonly n?: number | undefined;
    readonly when: string;
    readonly version?: string | undefined;
    readonly commit?: string | undefined;
    readonly who: string;
    readonly by: string;
    readonly result: string;
    readonly reason?: string | undefined;
    readonly deploymentId: string;
    /** Whether this is what the instances run. */
    readonly serves: boolean;
}

/** The newest lines of a history, newest first. */
export function historyRows(
    entries: readonly SettledEntry[], unnamed: readonly ToldDeployment[], running: Running | undefined, limit: number,
): readonly HistoryRow[] {
    const rows = [...entries.map(entry => rowOfEntry(entry, running)), ...unnamed.map(deployment => rowOfDeployment(deployment, running))];
    return rows.sort((a, b) => (a.when < b.when ? 1 : -1)).slice(0, limit);
}

function rowOfEntry({ n, when, version, commit, who, by, result, reason, deploymentId }: SettledEntry, running: Running | undefined): HistoryRow {
    return { n, when, version, commit, who, by, result, reason, deploymentId, serves: n === running?.entry?.n };
}

function rowOfDeployment({ createdAt, version, creator, status, reason, deploymentId }: ToldDeployment, running: Running | undefined): HistoryRow {
    const serves = running?.entry === undefined && running?.deploymentId === deploymentId;
    return { when: createdAt, version, who: creator, by: "not in the journal", result: resultWords[status] ?? status, reason, deploymentId, serves };
}

const resultWords: Readonly<Record<string, string>> = { Succeeded: "succeeded", Failed: "failed", Stopped: "stopped", InProgress: "inProgress" };
const words: Readonly<Record<string, string>> = { inProgress: "goes on", rolledBack: "rolled back", unknown: "ended, nobody knows how" };

/** The history as a table for a person. */
export function renderHistory(rows: readonly HistoryRow[], stack: string): string {
    if (rows.length === 0) return `Nothing has been released to ${stack} yet. Do so with ./gapless deploy ${stack}`;
    const table = new Table({ head: ["", "n", "when", "release", "commit", "who", "by", "result"], style: { head: [], border: [] } });
    for (const { n, when, version, commit, who, by, result, serves } of rows) {
        table.push([serves ? "serves" : "", n ?? "", when.replace(/\.\d+Z$/, "Z"), version ?? "unknown", commit?.slice(0, 12) ?? "", who, by, words[result] ?? result]);
    }
    const reasons = rows.flatMap(({ n, deploymentId, reason }) => (reason === undefined ? [] : [`${n ?? deploymentId}: ${reason}`]));
    return [table.toString(), ...reasons].join("\n");
}
