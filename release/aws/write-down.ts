import type { S3Client } from "@aws-sdk/client-s3";
import type { Clock } from "../clock";
import type { DeploymentEnd } from "../deployment-end";
import type { JournalEntry } from "../journal";
import type { Stage } from "../stage";
import { StageJournal } from "./stage-journal";

type News = Omit<JournalEntry, "n">;

interface Surroundings {
    readonly clock: Clock;
    readonly tell: { warn(text: string): void };
}

/** Adds to a stage's journal what is known of a deployment. The deployment matters more, and CodeDeploy tells whoever reads the journal: a failure is a warning. */
export async function writeDown(s3: S3Client, stage: Stage, entry: News, { clock, tell }: Surroundings): Promise<void> {
    await orWarn(entry.deploymentId, tell, () => new StageJournal(s3, stage.releaseBucket, clock).record(entry));
}

/** Adds how a deployment that somebody else has written down ended. Of one that nobody has, too little is known for an entry. */
export async function writeEnd(s3: S3Client, stage: Stage, end: DeploymentEnd, { clock, tell }: Surroundings): Promise<void> {
    await orWarn(end.deploymentId, tell, async () => {
        const journal = new StageJournal(s3, stage.releaseBucket, clock);
        const entry = (await journal.read()).entries.find(({ deploymentId }) => deploymentId === end.deploymentId);
        if (entry?.result === "inProgress") await journal.record(withEnd(entry, end, clock));
    });
}

/** An entry, and how its deployment ended, which is now. */
export function withEnd(entry: News, { result, reason, rollbackDeploymentId }: DeploymentEnd, clock: Clock): News {
    return {
        ...entry, result, endedAt: clock.now().toISOString(),
        ...(reason !== undefined && { reason }), ...(rollbackDeploymentId !== undefined && { rollbackDeploymentId }),
    };
}

async function orWarn(deploymentId: string, tell: Surroundings["tell"], write: () => Promise<void>): Promise<void> {
    try {
        await write();
    } catch (error) {
        tell.warn(`the journal could not be written, so ./gapless history STACK shows less of deployment ${deploymentId}: ${(error as Error).message}`);
    }
}
