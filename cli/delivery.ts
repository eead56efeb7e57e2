import { followPipeline, type PipelineEnd } from "../release/aws/follow-pipeline";
import { StageJournal } from "../release/aws/stage-journal";
import { thisOwner } from "../release/aws/stage-lock";
import type { TriggeredRelease } from "../release/aws/triggered-release";
import type { DeploymentEnd } from "../release/deployment-end";
import { clientsOf } from "./clients";
import type { CommandContext } from "./context";
import { type ExitCode, exitCodes } from "./exit-code";
import { followView } from "./follow-view";
import type { OpenStage } from "./open-stage";
import { isBad, tellEnd, tellServing } from "./tell-end";

/** Watches what the stack's pipeline makes of a release that it was handed, and tells the end of it. */
export async function deliver(open: OpenStage, release: TriggeredRelease, waitMinutes: number, context: CommandContext): Promise<ExitCode> {
    const { clock, signal, tell } = context;
    const when = clock.now().toISOString();
    const options = { stack: open.stage.stack, clock, signal, tell: followView(tell), waitMinutes };
    const end = await followPipeline(clientsOf(open), open.stage.pipeline, { objectVersion: release.objectVersion }, options);
    const { deployment } = end;
    if (deployment === undefined || !isBad(deployment)) return tellPipeline(open, release, end, context);
    await writeDownFailure(open, release, deployment, when, context);
    return tellEnd(open, { ...release, ...(end.executionId !== undefined && { executionId: end.executionId }) }, deployment, context);
}

/** Tells how a build, or a pipeline whose deployment is not to blame, has ended. */
export function tellPipeline(open: OpenStage, release: Partial<TriggeredRelease>, end: PipelineEnd, context: CommandContext): ExitCode {
    const { result, executionId, reason, deployment } = end;
    const { stack } = open.stage;
    const served = deployment?.result === "succeeded" && release.version !== undefined ? tellServing(open, release.version) : undefined;
    context.print({
        stack, ...release, result, ...(executionId !== undefined && { executionId }), ...(deployment && { deploymentId: deployment.deploymentId }), ...(reason !== undefined && { reason }),
    }, [served, reason].filter(line => line !== undefined).join("\n"));
    if (result === "succeeded") return exitCodes.done;
    return result === "waiting" ? exitCodes.needsPerson : exitCodes.failed;
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
