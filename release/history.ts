import type { DeploymentResult, JournalEntry } from "./journal";

/** A deployment as CodeDeploy tells it. */
export interface ToldDeployment {
    readonly deploymentId: string;
    /** CodeDeploy's word, such as `InProgress` or `Succeeded`. */
    readonly status: string;
    /** Who made it: `user` (pipelines too), `autoscaling`, `codeDeployRollback`, … */
    readonly creator: string;
    /** ISO 8601, like every time here. */
    readonly createdAt: string;
    readonly endedAt?: string | undefined;
    /** Version of the release that it installs, when its revision or its description names one. */
    readonly version?: string | undefined;
    /** What it installs, as a text that is the same for the same revision. */
    readonly revision?: string | undefined;
    /** The deployment by which CodeDeploy took it back. */
    readonly rollbackDeploymentId?: string | undefined;
    /** The deployment that it takes back. */
    readonly rollbackOf?: string | undefined;
    readonly reason?: string | undefined;
    /** Whether a person stopped it, and no alarm. */
    readonly stoppedByPerson?: boolean | undefined;
}

/** An entry of the journal by CodeDeploy's own word; `unknown` when it has ended and nobody can tell any more how. */
export interface SettledEntry extends Omit<JournalEntry, "result"> {
    readonly result: DeploymentResult | "unknown";
}

/** What a stack's instances run. */
export interface Running {
    /** The deployment that succeeded last; blue/green: the roll, undefined when nobody has written it down. */
    readonly deploymentId?: string | undefined;
    /** Its release; undefined when nobody has written down or can tell which one it is. */
    readonly entry?: SettledEntry | undefined;
    /** Known also without an entry, when what was installed names it. */
    readonly version?: string | undefined;
    /** The release that was taken back, when CodeDeploy has put this one in its place. */
    readonly insteadOf?: SettledEntry | undefined;
}

// New instances get the release that serves; nothing is released by it.
const launches: readonly string[] = ["autoscaling", "autoscalingTermination", "CodeDeployAutoUpdate"];

/** Whether a deployment releases something: launches of instances by Auto Scaling do not. */
export function isRelease({ creator }: Pick<ToldDeployment, "creator">): boolean {
    return !launches.includes(creator);
}

/**
 * The journal's entries as CodeDeploy knows them: a command that was killed leaves `inProgress` behind.
 * @param told any deployments of the group; what is not among them keeps its word
 */
export function settle(entries: readonly JournalEntry[], told: readonly ToldDeployment[]): readonly SettledEntry[] {
    const byId = new Map(told.map(deployment => [deployment.deploymentId, deployment]));
    return entries.map(entry => {
        const deployment = byId.get(entry.deploymentId);
        const rollback = told.find(({ deploymentId, rollbackOf }) =>
            rollbackOf === entry.deploymentId || deploymentId === (entry.rollbackDeploymentId ?? deployment?.rollbackDeploymentId));
        const rollbackDeploymentId = entry.rollbackDeploymentId ?? deployment?.rollbackDeploymentId ?? rollback?.deploymentId;
        const known = { ...entry, ...(rollbackDeploymentId !== undefined && { rollbackDeploymentId }) };
        if (entry.result !== "inProgress") return known;
        if (deployment) return { ...known, ...endOf(deployment, rollback) };
        // A group deploys one thing at a time, so something later means that this has ended.
        return told.some(later => isRelease(later) && later.createdAt > entry.when) ? { ...known, result: "unknown" } : known;
    });
}

function endOf(deployment: ToldDeployment, rollback: ToldDeployment | undefined): Pick<SettledEntry, "result" | "endedAt" | "reason"> {
    const { endedAt, reason } = deployment;
    const result = resultOf(deployment, rollback?.status);
    return result === "inProgress" ? { result } : { result, ...(endedAt !== undefined && { endedAt }), ...(reason !== undefined && { reason }) };
}

function resultOf({ status, stoppedByPerson = false }: ToldDeployment, rollback: string | undefined): DeploymentResult {
    const own = ends[status];
    // It has not ended before what takes it back has.
    if (own === undefined || (rollback !== undefined && ends[rollback] === undefined)) return "inProgress";
    return own !== "succeeded" && rollback === "Succeeded" && !stoppedByPerson ? "rolledBack" : own;
}

/** CodeDeploy's word for how a deployment stands, as the journal says it. */
export function resultOfStatus(status: string): DeploymentResult {
    return ends[status] ?? "inProgress";
}

const ends: Readonly<Record<string, DeploymentResult>> = { Succeeded: "succeeded", Failed: "failed", Stopped: "stopped" };

/** Deployments that released something and that no entry names, such as those made in AWS's console. */
export function unnamed(entries: readonly SettledEntry[], told: readonly ToldDeployment[]): readonly ToldDeployment[] {
    const named = new Set(entries.flatMap(({ deploymentId, codeDeployId, rollbackDeploymentId }) => [deploymentId, codeDeployId, rollbackDeploymentId]));
    return told.filter(deployment => isRelease(deployment) && !named.has(deployment.deploymentId));
}

/** What is known of the deployment that succeeded last, beside its name. */
export type LastSuccess = Pick<ToldDeployment, "deploymentId" | "version" | "revision">;

/**
 * Which release the last successful deployment has put onto the instances. Never a guess: without proof there is no entry.
 * @param revisions of deployments, by CodeDeploy's own word; others have what the journal says
 */
export function runningRelease(entries: readonly SettledEntry[], last: LastSuccess, revisions: ReadonlyMap<string, string> = new Map()): Running {
    const { deploymentId, version } = last;
    // The second: of a stack that was released blue/green before.
    const own = entries.find(entry => entry.deploymentId === deploymentId || entry.codeDeployId === deploymentId);
    if (own) return { deploymentId, entry: own, version: own.version };

    const insteadOf = entries.find(entry => entry.rollbackDeploymentId === deploymentId);
    const known = entries.map(entry => ({ ...entry, revision: revisions.get(entry.deploymentId) ?? entry.revision }));
    const found = sameRelease(known, last) ?? (insteadOf && version === undefined ? before(known, insteadOf, last) : undefined);
    const entry = entries.find(({ n }) => n === found?.n);
    return { deploymentId, version: entry?.version ?? version, ...(entry && { entry }), ...(insteadOf && { insteadOf }) };
}

/** The newest success of what was installed: by the release's version, or by the revision that two deployments share. */
function sameRelease(entries: readonly SettledEntry[], { version, revision }: LastSuccess): SettledEntry | undefined {
    return entries.findLast(entry => entry.result === "succeeded" && (
        version === undefined ? revision !== undefined && entry.revision === revision : entry.version === version
    ));
}

/** CodeDeploy goes back to what succeeded last. That was another one when its revision says so, one that nobody wrote down. */
function before(entries: readonly SettledEntry[], { n }: SettledEntry, { revision }: LastSuccess): SettledEntry | undefined {
    const found = entries.findLast(entry => entry.n < n && entry.result === "succeeded");
    return revision === undefined || (found?.revision ?? revision) === revision ? found : undefined;
}
