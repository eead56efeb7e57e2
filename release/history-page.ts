import Table from "cli-table3";
import type { Colour } from "./blue-green/colour";
import { resultOfStatus, type Running, SettledEntry, ToldDeployment } from "./history";
import { shortReason } from "./short-reason";
import { inSeconds } from "./time-text";

/** A line of the history: an entry of the journal, or a deployment that none names. */
export interface HistoryRow {
    readonly n?: number | undefined;
    readonly when: string;
    readonly endedAt?: string | undefined;
    readonly version?: string | undefined;
    readonly commit?: string | undefined;
    /** `repository@sha256:…` */
    readonly image?: string | undefined;
    /** What CodeDeploy installed. */
    readonly revision?: string | undefined;
    readonly who: string;
    readonly by: string;
    /** Blue/green: where it serves, or would have. */
    readonly colour?: Colour | undefined;
    readonly result: string;
    readonly reason?: string | undefined;
    readonly deploymentId: string;
    /** The deployment by which CodeDeploy took it back. */
    readonly rollbackDeploymentId?: string | undefined;
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

function rowOfEntry({ bundleVersion: _, ...entry }: SettledEntry, running: Running | undefined): HistoryRow {
    return { ...entry, serves: entry.n === running?.entry?.n };
}

function rowOfDeployment({ createdAt, creator, status, rollbackOf: _, ...told }: ToldDeployment, running: Running | undefined): HistoryRow {
    const serves = running?.entry === undefined && running?.deploymentId === told.deploymentId;
    return { ...told, when: createdAt, who: creator, by: "not in the journal", result: resultOfStatus(status), serves };
}

const words: Readonly<Record<string, string>> = { inProgress: "goes on", rolledBack: "rolled back", unknown: "ended, nobody knows how" };

/** The history as a table for a person. */
export function renderHistory(rows: readonly HistoryRow[], stack: string): string {
    if (rows.length === 0) return `Nothing has been released to ${stack} yet. Do so with ./gapless deploy ${stack}`;
    const columns = columnsOf(rows.some(({ colour }) => colour !== undefined));
    const table = new Table({ head: Object.keys(columns), style: { head: [], border: [] } });
    for (const row of rows) table.push(Object.values(columns).map(cell => cell(row)));
    return [table.toString(), ...reasonsOf(rows, stack)].join("\n");
}

type Columns = Readonly<Record<string, (row: HistoryRow) => string>>;

function columnsOf(coloured: boolean): Columns {
    return {
        "": ({ serves }) => (serves ? "serves" : ""),
        n: ({ n }) => String(n ?? ""),
        when: ({ when }) => inSeconds(when),
        release: ({ version }) => version ?? "unknown",
        commit: ({ commit = "" }) => commit.slice(0, 12),
        who: ({ who }) => who,
        by: ({ by }) => by,
        ...(coloured && { colour: ({ colour }: HistoryRow) => colour ?? "" }),
        result: ({ result }) => words[result] ?? result,
    };
}

/** Why deployments did not succeed, a line each, and how to see more of the newest. */
function reasonsOf(rows: readonly HistoryRow[], stack: string): readonly string[] {
    const failed = rows.flatMap(({ n, deploymentId, reason }) => (reason === undefined ? [] : [{ n, line: `${n ?? deploymentId}: ${shortReason(reason)}` }]));
    const shown = failed.find(({ n }) => n !== undefined)?.n;
    return [...failed.map(({ line }) => line), ...(shown === undefined ? [] : [`More: ./gapless history ${stack} --show ${shown}`])];
}
