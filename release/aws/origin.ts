import { type CodePipelineClient, GetPipelineExecutionCommand } from "@aws-sdk/client-codepipeline";
import { HeadObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { Clock } from "../clock";
import { type RollWishes, wishesIn } from "../roll-wishes";
import type { Stage } from "../stage";
import { triggerKey } from "../store-keys";
import { DeliveryError } from "./error";
import { StageJournal } from "./stage-journal";

/** Who handed a release to the pipeline, of which commit, and how it shall be rolled. */
export interface Origin {
    /** Of the trigger's object. */
    readonly objectVersion: string;
    readonly commit: string | undefined;
    readonly builder: string | undefined;
    /** Of this one time; rolled host by host has none. */
    readonly wishes: RollWishes;
}

/** What an execution of the deploy pipeline was started with. The release's own object names those of the first time, if it went out before. */
export async function readOrigin(s3: S3Client, codePipeline: CodePipelineClient, stage: Stage, pipelineExecutionId: string): Promise<Origin> {
    const { pipelineExecution } = await codePipeline.send(new GetPipelineExecutionCommand({ pipelineName: stage.pipeline, pipelineExecutionId }));
    const objectVersion = pipelineExecution?.artifactRevisions?.[0]?.revisionId;
    if (objectVersion === undefined) throw new DeliveryError(`Execution ${pipelineExecutionId} of pipeline ${stage.pipeline} does not tell its source's version.`);
    const { Metadata = {} } = await s3.send(new HeadObjectCommand({ Bucket: stage.releaseBucket, Key: triggerKey, VersionId: objectVersion }));
    const { commit, builder } = Metadata;
    return { objectVersion, commit: commit === "unknown" ? undefined : commit, builder, wishes: wishesIn(Metadata) };
}

interface Surroundings {
    readonly clock: Clock;
    readonly tell: { warn(text: string): void };
}

/** Adds to a roll's entry which object the pipeline was started with. The roll matters more: a failure is a warning. */
export async function keepOrigin(
    s3: S3Client, stage: Stage, rollId: string, { objectVersion, commit }: Pick<Origin, "objectVersion" | "commit">, { clock, tell }: Surroundings,
): Promise<void> {
    const journal = new StageJournal(s3, stage.releaseBucket, clock);
    try {
        const entry = (await journal.read()).entries.find(({ deploymentId }) => deploymentId === rollId);
        if (entry) await journal.record({ ...entry, bundleVersion: objectVersion, ...(commit !== undefined && { commit }) });
    } catch (error) {
        tell.warn(`the journal does not name the commit that the pipeline was started with: ${(error as Error).message}`);
    }
}
