import type { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import type { CodeDeployClient } from "@aws-sdk/client-codedeploy";
import type { ECRClient } from "@aws-sdk/client-ecr";
import type { S3Client } from "@aws-sdk/client-s3";
import type { DeploymentEnd } from "../deployment-end";
import type { JournalEntry } from "../journal";
import type { Owner } from "../lock";
import type { Stage } from "../stage";
import type { Timer } from "../timer";
import { createDeployment } from "./create-deployment";
import { followDeployment, type FollowOptions } from "./follow-deployment";
import { type History, nameOfRevision, readHistory } from "./history";
import { keepImage } from "./keep-image";
import { readyRelease } from "./ready-release";
import type { FoundRelease } from "./releases";
import { servesAlready } from "./serves-already";
import { awaitNobodyAtWork } from "./stage-at-work";
import { StageLock, withLock } from "./stage-lock";
import { withEnd, writeDown } from "./write-down";

export interface RollClients {
    readonly codeDeploy: CodeDeployClient;
    readonly autoScaling: AutoScalingClient;
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

/** The release to put onto the fleet: a known one, or one that depends on what serves when nobody deploys any more. */
export type Wanted = { readonly version: string } | { readonly choose: (past: History) => Promise<string> };

/**
 * Puts a release that is in the bucket onto the fleet, past the pipeline, and follows it to the end.
 * @returns undefined when the release serves already
 * @throws DeliveryError usage when bundle or image is not there, needsPerson when lock or another deployment is in the way for too long
 */
export async function roll(clients: RollClients, stage: Stage, wanted: Wanted, options: RollOptions): Promise<DeploymentEnd | undefined> {
    const { codeDeploy, autoScaling, s3, ecr } = clients;
    const { by, owner, clock, tell } = options;
    // What cannot be deployed is not waited for.
    if ("version" in wanted) await readyRelease(s3, ecr, stage, wanted.version, options.signal);
    return withLock(new StageLock(s3, stage.releaseBucket, owner, clock), { ...options, command: by }, async signal => {
        await awaitNobodyAtWork({ codeDeploy, autoScaling }, stage, { ...options, signal });
        const past = await readHistory(codeDeploy, s3, stage, { signal });
        const version = "version" in wanted ? wanted.version : await wanted.choose(past);
        const release = await readyRelease(s3, ecr, stage, version, signal);
        if (await servesAlready(codeDeploy, past, version, signal)) {
            await keepImage(ecr, stage, release, tell);
            return undefined;
        }

        const when = clock.now().toISOString();
        // A rollback may be the answer to the very alarm that would keep it from beginning.
        const deploymentId = await createDeployment(codeDeploy, stage, release, { ...options, signal, who: owner.who, pastAlarms: by === "rollback" });
        tell.step(`deployment ${deploymentId} of release ${version}`);
        const entry = entryOf(stage, release, deploymentId, when, options);
        await writeDown(s3, stage, entry, options);
        // By the caller's signal: whoever has lost the lock may still watch.
        const end = await followDeployment(codeDeploy, deploymentId, options);
        await writeDown(s3, stage, withEnd(entry, end, clock), options);
        if (end.result === "succeeded") await keepImage(ecr, stage, release, tell);
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
