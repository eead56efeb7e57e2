import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CodeDeployClient } from "@aws-sdk/client-codedeploy";
import { CodePipelineClient } from "@aws-sdk/client-codepipeline";
import { ECRClient } from "@aws-sdk/client-ecr";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { S3Client } from "@aws-sdk/client-s3";
import { SSMClient } from "@aws-sdk/client-ssm";
import { type BadEnd, gatherFailure } from "../release/aws/failure-page";
import { followPipeline, type PipelineEnd } from "../release/aws/follow-pipeline";
import { StageJournal } from "../release/aws/stage-journal";
import { thisOwner } from "../release/aws/stage-lock";
import type { TriggeredRelease } from "../release/aws/triggered-release";
import type { DeploymentEnd } from "../release/deployment-end";
import { type Failure, renderFailure } from "../release/failure-page";
import type { CommandContext } from "./context";
import { type ExitCode, exitCodes } from "./exit-code";
import { exitCodeOfEnd } from "./exit-code-of-end";
import { followView } from "./follow-view";
import type { OpenStage } from "./open-stage";

/** A stack's part of AWS, as releases need it. */
export function clientsOf({ access }: OpenStage) {
    return {
        s3: new S3Client(access), ecr: new ECRClient(access), ssm: new SSMClient(access), codeDeploy: new CodeDeployClient(access),
        codePipeline: new CodePipelineClient(access), loadBalancing: new ElasticLoadBalancingV2Client(access), cloudWatch: new CloudWatchClient(access),
    };
}

/** What a delivery has come to, for machines. */
export interface Delivered extends Partial<TriggeredRelease> {
    /** Of the deployment when that failed, else of the pipeline; `alreadyServing` when there was nothing to do. */
    readonly result: PipelineEnd["result"] | DeploymentEnd["result"] | "alreadyServing";
    readonly executionId?: string;
    readonly deploymentId?: string;
    readonly rollbackDeploymentId?: string;
    readonly reason?: string;
    readonly failure?: Failure;
}

/** Watches what the stack's pipeline makes of a release that it was handed, and tells the end of it. */
export async function deliver(open: OpenStage, release: TriggeredRelease, waitMinutes: number, context: CommandContext): Promise<ExitCode> {
    const clients = clientsOf(open);
    const { clock, signal, tell } = context;
    const when = clock.now().toISOString();
    const options = { stack: open.stage.stack, clock, signal, tell: followView(tell), waitMinutes };
    const end = await followPipeline(clients, open.stage.pipeline, { objectVersion: release.objectVersion }, options);
    const { deployment } = end;
    if (deployment === undefined || !isBad(deployment)) return tellPipeline(open, release, end, context);
    await writeDownFailure(open, release, deployment, when, context);
    return tellFailure(open, { ...release, ...(end.executionId !== undefined && { executionId: end.executionId }) }, deployment, context);
}

/** Tells how a build, or a pipeline whose deployment is not to blame, has ended. */
export function tellPipeline({ stage }: OpenStage, release: Partial<TriggeredRelease>, end: PipelineEnd, context: CommandContext): ExitCode {
    const { result, executionId, reason, deployment } = end;
    const delivered: Delivered = {
        result, ...release, ...(executionId !== undefined && { executionId }), ...(deployment && { deploymentId: deployment.deploymentId }), ...(reason !== undefined && { reason }),
    };
    const served = deployment?.result === "succeeded" ? `release ${release.version ?? ""} serves ${stage.stack}: ${stage.url}` : undefined;
    context.print(delivered, [served, reason].filter(line => line !== undefined).join("\n"));
    if (result === "succeeded") return exitCodes.done;
    return result === "waiting" ? exitCodes.needsPerson : exitCodes.failed;
}

/** Tells all about a deployment that failed. */
export async function tellFailure(open: OpenStage, release: Partial<Delivered>, deployment: BadEnd, context: CommandContext): Promise<ExitCode> {
    const { result, deploymentId, rollbackDeploymentId, reason } = deployment;
    const failure = await gatherFailure(clientsOf(open), open.stage, deployment, context);
    const delivered: Delivered = {
        ...release, result, deploymentId, ...(rollbackDeploymentId !== undefined && { rollbackDeploymentId }), ...(reason !== undefined && { reason }), failure,
    };
    context.print(delivered, renderFailure(failure, open.stage.stack));
    return exitCodeOfEnd(deployment);
}

export function isBad(end: DeploymentEnd): end is BadEnd {
    return end.result !== "succeeded";
}

/** The pipeline's own last stage, which writes down what succeeded, never sees it. */
async function writeDownFailure(
    open: OpenStage, { version, image, commit, objectVersion }: TriggeredRelease, deployment: DeploymentEnd, when: string, { clock, env, tell }: CommandContext,
): Promise<void> {
    const { deploymentId, result, reason, rollbackDeploymentId } = deployment;
    try {
        await new StageJournal(clientsOf(open).s3, open.stage.releaseBucket, clock).record({
            version, image, bundleVersion: objectVersion, ...(commit !== undefined && { commit }), who: thisOwner(env).who, when, by: "pipeline", deploymentId, result,
            ...(reason !== undefined && { reason }), ...(rollbackDeploymentId !== undefined && { rollbackDeploymentId }), endedAt: clock.now().toISOString(),
        });
    } catch (error) {
        // What has failed, and why, matters more; CodeDeploy remembers it, too.
        tell.warn(`the failure could not be written down: ${(error as Error).message}`);
    }
}
