import type { CodeDeployClient, DeploymentInfo, ErrorInformation, RevisionLocation } from "@aws-sdk/client-codedeploy";
import type { S3Client } from "@aws-sdk/client-s3";
import type { Colour } from "../blue-green/colour";
import type { ColourDocument } from "../blue-green/document";
import { isRelease, type Running, runningRelease, type SettledEntry, settle, type ToldDeployment, unnamed } from "../history";
import type { JournalEntry } from "../journal";
import { versionIn } from "../release-metadata";
import { runningOn, settleRolls } from "../roll-history";
import type { Stage } from "../stage";
import { versionOfKey } from "../store-keys";
import { readColourDocument } from "./colour-document";
import { deploymentInfos, deploymentPages } from "./deployment-infos";
import { DeliveryError } from "./error";
import { StageJournal } from "./stage-journal";

/** What became of a stack's releases, by its journal and by CodeDeploy's own word. */
export interface History {
    /** Oldest first. */
    readonly entries: readonly SettledEntry[];
    /** Deployments that no entry names. Oldest first. */
    readonly unnamed: readonly ToldDeployment[];
    /** What the instances run; undefined before the first success. */
    readonly running?: Running | undefined;
    /** The newest deployment that released something, however it ended. */
    readonly newest?: string | undefined;
    /** Blue/green: what the stack remembers of its colours. */
    readonly colours?: ColourDocument | undefined;
}

export interface HistoryOptions {
    /** How many of the group's releases CodeDeploy is asked for, at the least. @default 50 */
    readonly releases?: number;
    readonly signal?: AbortSignal | undefined;
}

/** Pages of a hundred deployments; a fleet that scales fills many with launches of instances alone. */
const mostPages = 50;

/**
 * Reads the journal and settles it.
 * @throws DeliveryError when CodeDeploy tells of nothing but launches of instances for too long, so that what serves is not known
 */
export async function readHistory(
    codeDeploy: CodeDeployClient, s3: S3Client, stage: Stage, { releases = 50, signal }: HistoryOptions = {},
): Promise<History> {
    if (stage.blueGreen !== undefined) return readRolls(codeDeploy, s3, stage, stage.blueGreen.active, { releases, signal });
    const [journal, told] = await Promise.all([new StageJournal(s3, stage.releaseBucket).read(signal), readDeployments(codeDeploy, stage, releases, signal)]);
    return settledBy(journal.entries, told);
}

/** Nothing but rolls changes what serves, and each is in the journal; until the first one is over, what was deployed before still serves. */
async function readRolls(codeDeploy: CodeDeployClient, s3: S3Client, stage: Stage, active: Colour, { releases = 50, signal }: HistoryOptions): Promise<History> {
    const [journal, colours] = await Promise.all([new StageJournal(s3, stage.releaseBucket).read(signal), readColourDocument(s3, stage.releaseBucket, signal)]);
    const rolls = settleRolls(journal.entries, colours);
    const running = runningOn(active, rolls, colours);
    if (running) return { entries: rolls, unnamed: [], running, newest: rolls.at(-1)?.deploymentId, colours };
    const past = settledBy(journal.entries, await readDeployments(codeDeploy, stage, releases, signal));
    return { ...past, entries: settleRolls(past.entries, colours), colours };
}

function settledBy(journal: readonly JournalEntry[], told: readonly ToldDeployment[]): History {
    const entries = settle(journal, told);
    const last = lastSuccess(told);
    const revisions = new Map(told.flatMap(({ deploymentId, revision }) => (revision === undefined ? [] : [[deploymentId, revision] as const])));
    const newest = told.findLast(isRelease)?.deploymentId;
    return { entries, unnamed: unnamed(entries, told), newest, ...(last && { running: runningRelease(entries, last, revisions) }) };
}

function lastSuccess(told: readonly ToldDeployment[]): ToldDeployment | undefined {
    return told.findLast(deployment => isRelease(deployment) && deployment.status === "Succeeded");
}

/** Oldest first. Launches of instances count for nothing, so it goes on until there are releases enough, and what serves is among them. */
async function readDeployments(codeDeploy: CodeDeployClient, stage: Stage, releases: number, signal: AbortSignal | undefined): Promise<readonly ToldDeployment[]> {
    let told: readonly ToldDeployment[] = [];
    let pages = 0;
    for await (const page of deploymentPages(codeDeploy, stage, { signal })) {
        told = [...told, ...page.map(info => toldBy(info, stage.releaseBucket))].sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
        const known = lastSuccess(told) !== undefined;
        if (known && told.filter(isRelease).length >= releases) break;
        pages += 1;
        if (pages < mostPages) continue;
        if (known) break;
        throw new DeliveryError(`Among the ${told.length} newest deployments of ${stage.stack} CodeDeploy tells of none that released something with success, so what serves is not known.`);
    }
    return told;
}

/** Deployments by name, and those by which CodeDeploy took them back. */
export async function readDeploymentsByName(codeDeploy: CodeDeployClient, stage: Stage, ids: readonly string[], signal: AbortSignal): Promise<readonly ToldDeployment[]> {
    const told = (await deploymentInfos(codeDeploy, ids, signal)).map(info => toldBy(info, stage.releaseBucket));
    const rollbacks = told.flatMap(({ rollbackDeploymentId }) => rollbackDeploymentId ?? []).filter(id => !ids.includes(id));
    return rollbacks.length === 0 ? told : [...told, ...await readDeploymentsByName(codeDeploy, stage, rollbacks, signal)];
}

function toldBy(info: DeploymentInfo, releaseBucket: string): ToldDeployment {
    const { deploymentId = "", status = "Unknown", creator = "user", createTime, completeTime, description, revision, rollbackInfo, errorInformation } = info;
    return {
        deploymentId, status, creator,
        createdAt: (createTime ?? new Date(0)).toISOString(),
        endedAt: completeTime?.toISOString(),
        version: versionOfRevision(revision, releaseBucket) ?? versionIn(description),
        revision: nameOfRevision(revision),
        rollbackDeploymentId: rollbackInfo?.rollbackDeploymentId,
        rollbackOf: rollbackInfo?.rollbackTriggeringDeploymentId,
        ...whyEnded(errorInformation),
    };
}

function whyEnded({ code, message }: ErrorInformation = {}): Pick<ToldDeployment, "reason" | "stoppedByPerson"> {
    return { reason: message, stoppedByPerson: code === "MANUAL_STOP" };
}

/** A release's own object names its version; what a pipeline deploys is a copy of another name. */
export function versionOfRevision(revision: RevisionLocation | undefined, releaseBucket: string): string | undefined {
    const { bucket, key } = revision?.s3Location ?? {};
    return bucket === releaseBucket && key !== undefined ? versionOfKey(key) : undefined;
}

/** A text that is the same for the same bytes; undefined where a key alone says what it is, whose object may have changed since. */
export function nameOfRevision(revision: RevisionLocation | undefined): string | undefined {
    const { bucket, key, version, eTag } = revision?.s3Location ?? {};
    if (bucket === undefined || key === undefined) return undefined;
    if (version) return `s3://${bucket}/${key}?versionId=${version}`;
    return eTag ? `s3://${bucket}/${key}?eTag=${eTag}` : undefined;
}
