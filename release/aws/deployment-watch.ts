import type { CodeDeployClient } from "@aws-sdk/client-codedeploy";
import type { S3Client } from "@aws-sdk/client-s3";
import type { DeploymentEnd } from "../deployment-end";
import type { Owner } from "../lock";
import { deploymentOf, type PipelineState, rollOf } from "../pipeline-progress";
import { rollUnderWay } from "../roll-history";
import type { Stage } from "../stage";
import { followRoll } from "./blue-green/follow-roll";
import { readColourDocument } from "./colour-document";
import { followDeployment, type FollowOptions } from "./follow-deployment";
import { endOfRoll } from "./roll-end";
import { StageJournal } from "./stage-journal";
import { readLock, StageLock } from "./stage-lock";

/** How what an execution of a pipeline deploys is found and watched. */
export interface DeploymentWatch {
    /** The name of its deployment; undefined as long as there is none. */
    find(state: PipelineState, signal: AbortSignal): Promise<string | undefined>;
    /** Watches it to its end. */
    follow(deploymentId: string): Promise<DeploymentEnd>;
}

/** What CodeDeploy deploys for a pipeline. */
export function watchCodeDeploy(codeDeploy: CodeDeployClient, options: FollowOptions): DeploymentWatch {
    return {
        find: state => Promise.resolve(deploymentOf(state)),
        follow: deploymentId => followDeployment(codeDeploy, deploymentId, options),
    };
}

/** Seconds by which the clocks of CodePipeline and of its build may differ. */
const skewSeconds = 60;

/** What a blue/green stack's pipeline rolls: one release, by a build of its own, which names the roll in the stage's bucket alone. */
export function watchRolls(s3: S3Client, stage: Stage, version: string, options: FollowOptions & { readonly owner: Owner }): DeploymentWatch {
    const lock = new StageLock(s3, stage.releaseBucket, options.owner, options.clock);
    return {
        find: async (state, signal) => {
            const action = rollOf(state);
            if (action === undefined) return undefined;
            const roll = rollUnderWay(await readColourDocument(s3, stage.releaseBucket, signal))?.roll;
            // One that somebody has left is the build's to go on with, once that has begun and holds the lock.
            if (roll?.version === version) return (await readLock(lock, signal)).standing === "held" ? roll.id : undefined;
            const { entries } = await new StageJournal(s3, stage.releaseBucket).read(signal);
            const since = (action.startedAt?.getTime() ?? Infinity) - skewSeconds * 1000;
            return entries.findLast(entry => entry.by === "pipeline" && entry.version === version && Date.parse(entry.when) >= since)?.deploymentId;
        },
        follow: async id => endOfRoll(await followRoll(s3, stage, id, options)),
    };
}
