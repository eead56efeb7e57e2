import { CodeDeployClient } from "@aws-sdk/client-codedeploy";
import { CodePipelineClient } from "@aws-sdk/client-codepipeline";
import { describeRunning, runningDeployment, stopDeployment } from "../../release/aws/deployments";
import { followDeployment } from "../../release/aws/follow-deployment";
import { type WaitingApproval, waitingApprovals } from "../../release/aws/waiting-approvals";
import type { DeploymentEnd } from "../../release/deployment-end";
import type { CommandContext } from "../context";
import { exitCodes, type ExitCode } from "../exit-code";
import { followView } from "../follow-view";
import { openStage, type OpenStage } from "../open-stage";
import { tellEnd } from "../tell-end";
import type { WaitWords } from "../words/release";

/**
 * Stops the deployment that runs and watches CodeDeploy's roll back. A pipeline's execution that has made the deployment fails by it.
 * Done when the release before serves again, and when there was nothing to stop; failed when the deployment was faster.
 */
export async function abortCommand(stack: string, words: WaitWords, context: CommandContext): Promise<ExitCode> {
    const open = await openStage(stack, context);
    const codeDeploy = new CodeDeployClient(open.access);
    const running = await runningDeployment(codeDeploy, open.stage);
    if (running === undefined) return tellNothing(open, context);

    const { clock, signal, tell } = context;
    tell.step(`stopping ${describeRunning(running)}`);
    await stopDeployment(codeDeploy, running.deploymentId);
    // Also when it has just ended by itself: how, is what a person wants to know.
    const end = await followDeployment(codeDeploy, running.deploymentId, { stack, clock, signal, tell: followView(tell), watchMinutes: words.wait });
    return tellAbort(open, end, context);
}

async function tellNothing({ stage, access }: OpenStage, context: CommandContext): Promise<ExitCode> {
    const waiting = await waitingApprovals(new CodePipelineClient(access), stage.pipeline, context.signal);
    const lines = [`Nothing is being deployed to ${stage.stack}, so nothing was stopped.`, ...waiting.map(describeWaiting)];
    context.print({ stack: stage.stack, result: "nothingToDo", waiting }, lines.join("\n"));
    return exitCodes.done;
}

function describeWaiting({ action, executionId, link }: WaitingApproval): string {
    return `Execution ${executionId} waits at ${action} for a person. To stop it, reject it there: ${link}`;
}

function tellAbort(open: OpenStage, end: DeploymentEnd, context: CommandContext): Promise<ExitCode> | ExitCode {
    const { deploymentId, result } = end;
    const { stack } = open.stage;
    if (result === "succeeded") {
        context.print({ stack, ...end }, `Too late: deployment ${deploymentId} has succeeded, and its release serves. To go back: ./gapless rollback ${stack}`);
        return exitCodes.failed;
    }
    if (result !== "rolledBack") return tellEnd(open, {}, end, context);
    context.print({ stack, ...end }, `Deployment ${deploymentId} was stopped and rolled back: the release before serves in ${stack} again.`);
    return exitCodes.done;
}
