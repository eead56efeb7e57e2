import { GetDeploymentCommand } from "@aws-sdk/client-codedeploy";
import { watchRolls } from "../release/aws/deployment-watch";
import { followPipeline, type PipelineEnd, type PipelineSource } from "../release/aws/follow-pipeline";
import { nameOfRevision } from "../release/aws/history";
import { markDeployed } from "../release/aws/images";
import { StageJournal } from "../release/aws/stage-journal";
import { thisOwner } from "../release/aws/stage-lock";
import type { TriggeredRelease } from "../release/aws/triggered-release";
import { withEnd } from "../release/aws/write-down";
import type { Clock } from "../release/clock";
import type { DeploymentEnd } from "../release/deployment-end";
import { splitReference } from "../release/ecr-repository";
import { byProgram } from "../release/release-metadata";
import { clientsOf } from "./clients";
import type { CommandContext } from "./context";
import { type ExitCode, exitCodes } from "./exit-code";
import { followView } from "./follow-view";
import type { OpenStage } from "./open-stage";
import { isBad, tellEnd, tellServing } from "./tell-end";

/** How long a command waits in all: for a lock, a build, releases ahead and people. */
export interface Patience {
    readonly waitMinutes: number;
    /** Milliseconds since 1970. */
    readonly deadline: number;
}

export function patienceFromNow(waitMinutes: number, clock: Clock): Patience {
    return { waitMinutes, deadline: clock.now().getTime() + waitMinutes * 60_000 };
}

/** What is left of a patience. */
export function minutesLeft({ deadline }: Patience, clock: Clock): number {
    return Math.max(0, (deadline - clock.now().getTime()) / 60_000);
}

/**
 * Watches what the stack's pipeline makes of a release that it was handed, and tells the end of it.
 * @param source what is watched of the pipeline. @default the execution that takes up the release's object
 */
export async function deliver(
    open: OpenStage, release: TriggeredRelease, patience: Patience, context: CommandContext, source: PipelineSource = { objectVersion: release.objectVersion },
): Promise<ExitCode> {
    const { clock, signal, tell } = context;
    const { stage } = open;
    const options = { stack: stage.stack, clock, signal, tell: followView(tell), ...patience };
    const watch = stage.blueGreen && watchRolls(clientsOf(open).s3, stage, release.version, { ...options, owner: thisOwner(context.env) });
    const end = await followPipeline(clientsOf(open), stage.pipeline, source, { ...options, ...(watch && { watch }) });
    const { deployment, executionId } = end;
    // The pipeline's own last stage writes down what succeeded, unless it is what has failed; a roll writes itself down.
    if (deployment !== undefined && deployment.roll === undefined && end.result !== "succeeded") await writeDown(open, release, deployment, context);
    const told = toldOf(release);
    if (deployment === undefined || !isBad(deployment)) return tellPipeline(open, told, end, context);
    return tellEnd(open, { ...told, ...(executionId !== undefined && { executionId }) }, deployment, context);
}

function toldOf({ version, image, commit, objectVersion }: TriggeredRelease): TriggeredRelease {
    return { version, image, objectVersion, ...(commit !== undefined && { commit }) };
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
    return result === "waiting" || result === "unfinished" ? exitCodes.needsPerson : exitCodes.failed;
}

/** As the pipeline's last stage would. That nothing comes of it is only worth a warning: what has failed matters more, and CodeDeploy remembers it, too. */
async function writeDown(open: OpenStage, release: TriggeredRelease, deployment: DeploymentEnd, { clock, tell }: CommandContext): Promise<void> {
    const { s3, codeDeploy, ecr } = clientsOf(open);
    const { version, image, commit, builder: who = byProgram, objectVersion: bundleVersion } = release;
    const { deploymentId, result } = deployment;
    const { repository, releaseBucket } = open.stage;
    try {
        const { deploymentInfo: { revision, createTime = clock.now() } = {} } = await codeDeploy.send(new GetDeploymentCommand({ deploymentId }));
        const entry = {
            version, image, bundleVersion, revision: nameOfRevision(revision), ...(commit !== undefined && { commit }), who, when: createTime.toISOString(), by: "pipeline", deploymentId, result,
        } as const;
        await new StageJournal(s3, releaseBucket, clock).record(withEnd(entry, deployment, clock));
        if (result === "succeeded" && splitReference(image).repository === repository) await markDeployed(ecr, image, version);
    } catch (error) {
        tell.warn(`what came of it could not be written down: ${(error as Error).message}`);
    }
}
