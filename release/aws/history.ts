import { BatchGetDeploymentsCommand, type CodeDeployClient, type DeploymentInfo, ListDeploymentsCommand, type RevisionLocation } from "@aws-sdk/client-codedeploy";
import type { S3Client } from "@aws-sdk/client-s3";
import { isRelease, type Running, runningRelease, type SettledEntry, settle, type ToldDeployment, unnamed } from "../history";
import { versionIn } from "../release-metadata";
import type { Stage } from "../stage";
import { versionOfKey } from "../store-keys";
import { StageJournal } from "./stage-journal";

/** What became of a stack's releases, by its journal and by CodeDeploy's own word. */
export interface History {
    /** Oldest first. */
    readonly entries: readonly SettledEntry[];
    /** Deployments that no entry names. Oldest first. */
    readonly unnamed: readonly ToldDeployment[];
    /** What the instances run; undefined before the first success. */
    readonly running?: Running | undefined;
}

/** Deployments of which BatchGetDeployments tells in one call. */
const batchSize = 25;

/**
 * Reads the journal and settles it.
 * @param deployments how many of the group's newest deployments CodeDeploy is asked for, at the least
 */
export async function readHistory(codeDeploy: CodeDeployClient, s3: S3Client, stage: Stage, deployments: number): Promise<History> {
    const [journal, told] = await Promise.all([new StageJournal(s3, stage.releaseBucket).read(), listDeployments(codeDeploy, stage, deployments)]);
    const entries = settle(journal.entries, told);
    const last = told.findLast(deployment => isRelease(deployment) && deployment.status === "Succeeded");
    const revisions = new Map(told.flatMap(({ deploymentId, revision }) => (revision === undefined ? [] : [[deploymentId, revision] as const])));
    return { entries, unnamed: unnamed(entries, told), running: last ? runningRelease(entries, last, revisions) : lastSuccessOf(entries) };
}

/** CodeDeploy forgets nothing so soon, but whoever asked for few deployments may have got launches of instances alone. */
function lastSuccessOf(entries: readonly SettledEntry[]): Running | undefined {
    const entry = entries.findLast(({ result }) => result === "succeeded");
    return entry && { deploymentId: entry.deploymentId, entry, version: entry.version };
}

async function listDeployments(codeDeploy: CodeDeployClient, stage: Stage, atLeast: number): Promise<readonly ToldDeployment[]> {
    const ids: string[] = [];
    let nextToken: string | undefined;
    do {
        const page = await codeDeploy.send(new ListDeploymentsCommand({
            applicationName: stage.codeDeployApplication, deploymentGroupName: stage.deploymentGroup, ...(nextToken !== undefined && { nextToken }),
        }));
        ids.push(...page.deployments ?? []);
        nextToken = page.nextToken;
    } while (nextToken !== undefined && ids.length < atLeast);

    const batches = Array.from({ length: Math.ceil(ids.length / batchSize) }, (_, n) => ids.slice(n * batchSize, (n + 1) * batchSize));
    const answers = await Promise.all(batches.map(deploymentIds => codeDeploy.send(new BatchGetDeploymentsCommand({ deploymentIds }))));
    const told = answers.flatMap(({ deploymentsInfo = [] }) => deploymentsInfo).map(info => toldBy(info, stage.releaseBucket));
    return told.sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
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
        reason: errorInformation?.message,
    };
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
