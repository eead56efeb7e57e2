import { CodePipelineClient } from "@aws-sdk/client-codepipeline";
import { abortRoll } from "../../release/aws/blue-green/abort-roll";
import { makeColourClients } from "../../release/aws/blue-green/clients";
import { readWeights } from "../../release/aws/blue-green/weights";
import { readHistory } from "../../release/aws/history";
import { describeRunning, runningDeployment, stopDeployment } from "../../release/aws/deployments";
import { followDeployment } from "../../release/aws/follow-deployment";
import { endOfRoll } from "../../release/aws/roll-end";
import { comingExecutions, type WaitingApproval, waitingApprovals } from "../../release/aws/waiting-approvals";
import { writeEnd } from "../../release/aws/write-down";
import type { Colour } from "../../release/blue-green/colour";
import type { DeploymentEnd } from "../../release/deployment-end";
import { inSeconds } from "../../release/time-text";
import { clientsOf } from "../clients";
import type { CommandContext } from "../context";
import { exitCodes, type ExitCode } from "../exit-code";
import { followView } from "../follow-view";
import { openStage, type OpenStage } from "../open-stage";
import { drivingBy } from "../roll-release";
import { tellEnd } from "../tell-end";
import type { WaitWords } from "../words/release";

/**
 * Stops the deployment that runs and watches CodeDeploy's roll back, which it never stops. A pipeline's execution that has made the deployment fails by it.
 * Done when the release before serves again, and when there was nothing to stop; failed when the deployment was faster.
 */
export async function abortCommand(stack: string, words: WaitWords, context: CommandContext): Promise<ExitCode> {
    const open = await openStage(stack, context);
    if (open.stage.blueGreen !== undefined) return abortColours(open, words, context);
    const { codeDeploy, s3 } = clientsOf(open);
    const running = await runningDeployment(codeDeploy, open.stage, context.signal);
    if (running === undefined) return tellNothing(open, context);

    const { clock, signal, tell } = context;
    if (running.rollsBack === undefined) {
        tell.step(`stopping ${describeRunning(running)}`);
        await stopDeployment(codeDeploy, running.deploymentId, signal);
    } else {
        tell.step(`deployment ${running.rollsBack} is being taken back already, so nothing is stopped: ${describeRunning(running)}`);
    }
    // Also when it has just ended by itself: how, is what a person wants to know.
    const watched = running.rollsBack ?? running.deploymentId;
    const end = await followDeployment(codeDeploy, watched, { stack, clock, signal, tell: followView(tell), watchMinutes: words.wait });
    // Whoever has begun it may be gone.
    await writeEnd(s3, open.stage, end, context);
    return tellAbort(open, end, context);
}

/** Whoever drives the roll takes it back; where nobody does any more, this command does. */
async function abortColours(open: OpenStage, { wait: waitMinutes }: WaitWords, context: CommandContext): Promise<ExitCode> {
    const end = await abortRoll(makeColourClients(open.access), open.stage, { ...drivingBy(open, context), waitMinutes });
    if (end === undefined) return await tellTrouble(open, context) ?? tellNothing(open, context);
    const { stack } = open.stage;
    if (end.result === "endArmed") {
        context.print({ stack, ...end }, `Nothing is being deployed to ${stack}. ${end.colour} had instances that get no requests and had no end: ${end.autoScalingGroup} ends at ${inSeconds(new Date(end.endsAt))}.`);
        return exitCodes.done;
    }
    const { roll: { id, version, from }, result } = end;
    const told = { version, ...endOfRoll(end) };
    if (result === "failed") return tellEnd(open, { version }, endOfRoll(end), context);
    if (result === "succeeded") {
        context.print({ stack, ...told }, `Too late: roll ${id} is over, and its release ${version} serves. To go back: ./gapless rollback ${stack}`);
        return exitCodes.failed;
    }
    for (const left of end.left) context.tell.warn(left);
    context.print({ stack, ...told }, `Roll ${id} of release ${version} ${result === "stopped" ? "was stopped" : "failed"} and was taken back: ${await servesAgain(open, from, context)}`);
    return exitCodes.done;
}

/** After a first roll nothing is there that could serve. */
async function servesAgain({ stage, access }: OpenStage, from: Colour, { signal }: CommandContext): Promise<string> {
    const { codeDeploy, s3 } = clientsOf({ access });
    const { running } = await readHistory(codeDeploy, s3, stage, { signal });
    if (running) return `${from} serves in ${stage.stack} as before.`;
    return `nothing serves in ${stage.stack} yet, and the load balancer answers every request with 503. Mend it, then: ./gapless deploy ${stage.stack}`;
}

/** What no roll is behind, or not yet. Undefined when there is nothing. */
async function tellTrouble({ stage, access }: OpenStage, context: CommandContext): Promise<ExitCode | undefined> {
    const { s3, loadBalancing } = makeColourClients(access);
    const { stack, pipeline, region, blueGreen } = stage;
    const [weights, coming] = await Promise.all([
        blueGreen && readWeights(loadBalancing, blueGreen, context.signal), comingExecutions(new CodePipelineClient(access), s3, stage, context.signal),
    ]);
    const isSplit = weights !== undefined && weights.blue !== 100 && weights.green !== 100;
    const lines = [
        ...(isSplit ? [`The load balancer sends ${weights.blue} % of the requests to blue and ${weights.green} % to green, and no roll is under way that could be stopped. The call that sends all to one: ./gapless status ${stack}`] : []),
        ...coming.filter(({ approval }) => approval === undefined).map(({ executionId, version = "of an unknown version" }) =>
            `Execution ${executionId} of the pipeline is about to roll release ${version}. To stop it: aws codepipeline stop-pipeline-execution --pipeline-name ${pipeline} --pipeline-execution-id ${executionId} --region ${region}`),
    ];
    if (lines.length === 0) return undefined;
    context.print({ stack, result: "nothingToDo", weights, coming }, ["Nothing was stopped.", ...lines].join("\n"));
    return exitCodes.needsPerson;
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
    const { deploymentId, result, rollbackResult } = end;
    const { stack } = open.stage;
    if (result === "succeeded") {
        context.print({ stack, ...end }, `Too late: deployment ${deploymentId} has succeeded, and its release serves. To go back: ./gapless rollback ${stack}`);
        return exitCodes.failed;
    }
    if (rollbackResult !== "succeeded") return tellEnd(open, {}, end, context);
    const what = result === "stopped" ? "was stopped and rolled back" : "failed and was rolled back";
    context.print({ stack, ...end }, `Deployment ${deploymentId} ${what}: the release before serves in ${stack} again.`);
    return exitCodes.done;
}
