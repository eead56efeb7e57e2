import { type CloudFrontClient, CreateInvalidationCommand } from "@aws-sdk/client-cloudfront";
import { type CodeDeployClient, GetDeploymentCommand } from "@aws-sdk/client-codedeploy";
import { type ActionExecutionDetail, type CodePipelineClient, paginateListActionExecutions } from "@aws-sdk/client-codepipeline";
import type { ECRClient } from "@aws-sdk/client-ecr";
import type { S3Client } from "@aws-sdk/client-s3";
import type { Clock } from "../clock";
import { parseEcr, splitReference } from "../ecr-repository";
import { byProgram } from "../release-metadata";
import type { Stage } from "../stage";
import { DeliveryError } from "./error";
import { nameOfRevision } from "./history";
import { markDeployed } from "./images";
import { readOrigin } from "./origin";
import { StageJournal } from "./stage-journal";

export interface RecordClients {
    readonly s3: S3Client;
    readonly ecr: ECRClient;
    readonly codePipeline: CodePipelineClient;
    readonly codeDeploy: CodeDeployClient;
    readonly cloudFront: CloudFrontClient;
}

/** What an execution of the deploy pipeline has deployed. */
export interface Deployed {
    readonly version: string;
    /** `repository@sha256:…` */
    readonly image: string;
    readonly executionId: string;
}

export interface RecordOptions {
    readonly clock: Clock;
    readonly tell: { step(text: string): void };
}

/**
 * Does what is left to do when the pipeline has deployed a release: to keep its image, to empty the CDN's cache and to write it down. Each of
 * them whatever becomes of the others. Returns why some could not be done.
 */
export async function recordDeployment(clients: RecordClients, stage: Stage, deployed: Deployed, options: RecordOptions): Promise<readonly unknown[]> {
    const failures: unknown[] = [];
    // In this order: without its mark the image may expire, and an old page is seen now.
    for (const work of [keepImage, emptyCache, writeDown]) {
        try {
            options.tell.step(await work(clients, stage, deployed, options));
        } catch (error) {
            failures.push(error);
        }
    }
    return failures;
}

async function keepImage({ ecr }: RecordClients, { repository }: Stage, { image, version }: Deployed): Promise<string> {
    const { repository: own } = splitReference(image);
    if (!parseEcr(own)) return `not in Amazon ECR, where images expire, so nothing to mark: ${image}`;
    // What others keep is not the stack's to mark.
    if (own !== repository) return `not in this stack's repository, so nothing to mark: ${image}`;
    await markDeployed(ecr, image, version);
    return `marked as deployed: ${image}`;
}

/** Does not wait for it: that takes minutes, and the next release may come. */
async function emptyCache({ cloudFront }: RecordClients, { distribution }: Stage, { executionId }: Deployed): Promise<string> {
    if (distribution === undefined) return "no CloudFront, so no cache to empty";
    await cloudFront.send(new CreateInvalidationCommand({
        DistributionId: distribution,
        // One for each execution: asked again, CloudFront answers with the invalidation that it has.
        InvalidationBatch: { CallerReference: executionId, Paths: { Quantity: 1, Items: ["/*"] } },
    }));
    return `CloudFront ${distribution} asks for everything anew`;
}

async function writeDown({ s3, codePipeline, codeDeploy }: RecordClients, stage: Stage, deployed: Deployed, { clock, tell }: RecordOptions): Promise<string> {
    const { version, image, executionId } = deployed;
    const [{ objectVersion, commit, builder }, { deploymentId, when, endedAt }] = await Promise.all([
        readOrigin(s3, codePipeline, stage, executionId), findDeployment(codePipeline, stage.pipeline, executionId),
    ]);
    await new StageJournal(s3, stage.releaseBucket, clock).record({
        version, image, bundleVersion: objectVersion, revision: await revisionOf(codeDeploy, deploymentId, tell),
        ...(commit !== undefined && { commit }),
        who: builder ?? byProgram,
        when: (when ?? clock.now()).toISOString(),
        by: "pipeline",
        deploymentId,
        result: "succeeded",
        endedAt: (endedAt ?? clock.now()).toISOString(),
    });
    return `written down: release ${version}, deployment ${deploymentId}`;
}

/** The pipeline's copy, whose name tells no version; undefined when CodeDeploy does not say, without which everything else is still true. */
async function revisionOf(codeDeploy: CodeDeployClient, deploymentId: string, tell: RecordOptions["tell"]): Promise<string | undefined> {
    try {
        return nameOfRevision((await codeDeploy.send(new GetDeploymentCommand({ deploymentId }))).deploymentInfo?.revision);
    } catch (error) {
        tell.step(`not written down: which copy of the release it was, because CodeDeploy does not tell: ${(error as Error).message}`);
        return undefined;
    }
}

interface PipelineDeployment {
    readonly deploymentId: string;
    readonly when: Date | undefined;
    readonly endedAt: Date | undefined;
}

/** The newest deployment that succeeded in an execution: its stage may have been tried again. */
async function findDeployment(codePipeline: CodePipelineClient, pipelineName: string, pipelineExecutionId: string): Promise<PipelineDeployment> {
    const filter = { pipelineExecutionId };
    for await (const { actionExecutionDetails = [] } of paginateListActionExecutions({ client: codePipeline }, { pipelineName, filter })) {
        // AWS tells the newest first.
        const found = actionExecutionDetails.find(isDeployment);
        const deploymentId = found?.output?.executionResult?.externalExecutionId;
        if (found && deploymentId !== undefined) return { deploymentId, when: found.startTime, endedAt: found.lastUpdateTime };
    }
    throw new DeliveryError(
        `Execution ${pipelineExecutionId} of pipeline ${pipelineName} has no deployment that succeeded, so there is nothing to write down. `
        + "Was --execution given that of another pipeline?",
    );
}

function isDeployment({ status, input, output }: ActionExecutionDetail): boolean {
    return status === "Succeeded" && input?.actionTypeId?.provider === "CodeDeploy" && output?.executionResult?.externalExecutionId !== undefined;
}
