import type { CodeDeployClient } from "@aws-sdk/client-codedeploy";
import type { ECRClient } from "@aws-sdk/client-ecr";
import type { S3Client } from "@aws-sdk/client-s3";
import { splitReference } from "../ecr-repository";
import type { DeploymentEnd } from "../deployment-end";
import type { JournalEntry } from "../journal";
import type { Owner } from "../lock";
import type { Stage } from "../stage";
import type { Timer } from "../timer";
import { createDeployment } from "./create-deployment";
import { awaitNobodyDeploying } from "./deployments";
import { followDeployment, type FollowOptions } from "./follow-deployment";
import { nameOfRevision, readHistory } from "./history";
import { markDeployed } from "./images";
import { readyRelease } from "./ready-release";
import type { FoundRelease } from "./releases";
import { servesAlready } from "./serves-already";
import { StageJournal } from "./stage-journal";
import { StageLock, withLock } from "./stage-lock";

export interface RollClients {
    readonly codeDeploy: CodeDeployClient;
    readonly s3: S3Client;
    /** In the stage's region. */
    readonly ecr: ECRClient;
}

export interface RollOptions extends FollowOptions {
    readonly by: "roll" | "rollback";
    /** Holds the stage's lock meanwhile, and stands in the journal. */
    readonly owner: Owner;
    /** Minutes to wait for the lock and for somebody else's deployment. */
    readonly waitMinutes: number;
    readonly timer?: Timer;
}

// So far back one may look for what serves.
const deploymentsLookedAt = 100;

/**
 * Puts a release that is in the bucket onto the fleet, past the pipeline, and follows it to the end.
 * @returns undefined when the release serves already
 * @throws DeliveryError usage when bundle or image is not there, needsPerson when lock or another deployment is in the way for too long
 */
export async function roll(clients: RollClients, stage: Stage, { version }: { readonly version: string }, options: RollOptions): Promise<DeploymentEnd | undefined> {
    const { codeDeploy, s3, ecr } = clients;
    const { by, owner, clock, tell } = options;
    const release = await readyRelease(s3, ecr, stage, version);
    return withLock(new StageLock(s3, stage.releaseBucket, owner, clock), { ...options, command: by }, async signal => {
        await awaitNobodyDeploying(codeDeploy, stage, { ...options, signal });
        const { running } = await readHistory(codeDeploy, s3, stage, deploymentsLookedAt);
        if (await servesAlready(codeDeploy, stage, running, version)) {
            await keepImage(clients, stage, release, options);
            return undefined;
        }

        const when = clock.now().toISOString();
        // A rollback may be the answer to the very alarm that would keep it from beginning.
        const deploymentId = await createDeployment(codeDeploy, stage, release, { ...options, signal, who: owner.who, pastAlarms: by === "rollback" });
        tell.step(`deployment ${deploymentId} of release ${version}`);
        const entry = entryOf(stage, release, deploymentId, when, options);
        await writeDown(clients, stage, entry, options);
        // By the caller's signal: whoever has lost the lock may still watch.
        const end = await followDeployment(codeDeploy, deploymentId, options);
        await writeDown(clients, stage, { ...entry, ...endOf(end), endedAt: clock.now().toISOString() }, options);
        if (end.result === "succeeded") await keepImage(clients, stage, release, options);
        return end;
    });
}

type News = Omit<JournalEntry, "n">;

function entryOf(
    { releaseBucket: bucket }: Stage, { version, image, key, objectVersion, commit }: FoundRelease, deploymentId: string, when: string, { by, owner }: RollOptions,
): News {
    const revision = nameOfRevision({ s3Location: { bucket, key, version: objectVersion } });
    return { version, image, bundleVersion: objectVersion, revision, ...(commit !== undefined && { commit }), who: owner.who, when, by, deploymentId, result: "inProgress" };
}

function endOf({ result, reason, rollbackDeploymentId }: DeploymentEnd): Pick<News, "result" | "reason" | "rollbackDeploymentId"> {
    return { result, ...(reason !== undefined && { reason }), ...(rollbackDeploymentId !== undefined && { rollbackDeploymentId }) };
}

/** The deployment matters more than what is written of it, and CodeDeploy tells whoever reads the journal. */
async function writeDown({ s3 }: RollClients, stage: Stage, entry: News, { clock, tell }: RollOptions): Promise<void> {
    try {
        await new StageJournal(s3, stage.releaseBucket, clock).record(entry);
    } catch (error) {
        tell.warn(`the journal could not be written, so ./gapless history shows less of deployment ${entry.deploymentId}: ${(error as Error).message}`);
    }
}

/** As the pipeline's last stage does: images that were deployed outlive those that were only built. */
async function keepImage({ ecr }: RollClients, { repository, stack }: Stage, { image, version }: FoundRelease, { tell }: RollOptions): Promise<void> {
    if (splitReference(image).repository !== repository) return;
    try {
        await markDeployed(ecr, image, version);
    } catch (error) {
        tell.warn(`the image could not be marked as deployed, so ECR may expire it one day; ./gapless roll ${stack} ${version} once more marks it: ${(error as Error).message}`);
    }
}
