import type { CodeDeployClient } from "@aws-sdk/client-codedeploy";
import type { CodePipelineClient } from "@aws-sdk/client-codepipeline";
import type { DeploymentEnd } from "../deployment-end";
import { nameOf, newsOf, outcomeOf, type PipelineState, reasonOf, variablesOf, waitingApproval } from "../pipeline-progress";
import { findExecution } from "./find-execution";
import { type DeploymentWatch, watchCodeDeploy } from "./deployment-watch";
import type { FollowOptions } from "./follow-deployment";
import { executionLink, pipelineLink, readExecution } from "./pipelines";
import { Poll } from "./poll";

export interface PipelineClients {
    readonly codePipeline: CodePipelineClient;
    readonly codeDeploy: CodeDeployClient;
}

/** What an execution is known by: itself, or the version of the object that it takes as its source. */
export type PipelineSource = { readonly executionId: string } | { readonly objectVersion: string };

export interface FollowPipelineOptions extends FollowOptions {
    /** Minutes to wait for executions ahead, for an approval and for builds; a deployment that runs is watched to its end. */
    readonly waitMinutes: number;
    /** When they are over, in milliseconds since 1970, for whoever has waited for something else before. @default `waitMinutes` from now */
    readonly deadline?: number;
    /** How its deployments are found and watched. @default those that CodeDeploy makes for it */
    readonly watch?: DeploymentWatch;
}

/** How an execution of a pipeline ended, or why it is no longer waited for. */
export interface PipelineEnd {
    /**
     * `waiting`: a person has to agree, and the time is over; `unfinished`: the time is over, and it goes on; `notStarted`: the
     * pipeline has not heard of the release.
     */
    readonly result: "succeeded" | "failed" | "stopped" | "waiting" | "unfinished" | "notStarted";
    readonly executionId?: string;
    /** Why it is no success. */
    readonly reason?: string;
    /** That it has made, when there was one. */
    readonly deployment?: DeploymentEnd;
    /** What its actions have handed on, such as variables that a build exports. */
    readonly variables: Readonly<Record<string, string>>;
}

/**
 * Follows one execution of a pipeline until it ends, with CodeDeploy's deployment in it.
 * @throws DeliveryError when AWS cannot be asked any more; the signal's reason when it is aborted. Both say that the pipeline goes on.
 */
export async function followPipeline(clients: PipelineClients, pipeline: string, source: PipelineSource, options: FollowPipelineOptions): Promise<PipelineEnd> {
    const { deadline = options.clock.now().getTime() + options.waitMinutes * 60_000 } = options;
    const follow = (executionId: string): Promise<PipelineEnd> => followExecution(clients, { pipeline, executionId, deadline }, options);
    if ("executionId" in source) return follow(source.executionId);

    const { objectVersion } = source;
    const where = await findExecution({ codePipeline: clients.codePipeline, pipeline, objectVersion, deadline }, options);
    if (typeof where !== "string") return "executionId" in where ? follow(where.executionId) : behind(clients.codePipeline, pipeline, where.behind, options);
    const link = await pipelineLink(clients.codePipeline, pipeline);
    return where === "missed"
        ? unseen("notStarted", `No execution of pipeline ${pipeline} has version ${objectVersion} of the release as its source. Does the rule that starts it work? Look: ${link}`)
        : unseen("unfinished", `Pipeline ${pipeline} has not taken up version ${objectVersion} of the release after ${options.waitMinutes} minutes. It still may: ${link}`);
}

interface Execution {
    readonly pipeline: string;
    readonly executionId: string;
    /** Milliseconds since 1970. */
    readonly deadline: number;
}

async function followExecution({ codePipeline, codeDeploy }: PipelineClients, execution: Execution, options: FollowPipelineOptions): Promise<PipelineEnd> {
    const { pipeline, executionId, deadline } = execution;
    const { stack, clock, signal, tell, patienceMinutes, watch = watchCodeDeploy(codeDeploy, options) } = options;
    const link = await executionLink(codePipeline, pipeline, executionId);
    const poll = new Poll({
        clock, signal, warn: text => { tell.warn(text); }, patienceMinutes,
        goesOn: `Execution ${executionId} of pipeline ${pipeline} goes on: ${link}\nTo see what comes of it: ./gapless status ${stack}. To stop its deployment: ./gapless abort ${stack}`,
    });
    let before: PipelineState | undefined;
    let deployment: DeploymentEnd | undefined;
    for (;;) {
        const state = await poll.ask(abort => readExecution(codePipeline, pipeline, executionId, abort));
        const news = newsOf(before, state, link);
        for (const line of news) tell.step(line);
        before = state;
        const deploymentId = await poll.ask(abort => watch.find(state, abort));
        if (deploymentId !== undefined && deployment?.deploymentId !== deploymentId) {
            deployment = await watch.follow(deploymentId);
            // What the pipeline was like before is no longer of use.
            continue;
        }
        const outcome = outcomeOf(state);
        if (outcome !== undefined) return ended(state, outcome, deployment);
        // What comes after the deployment ends by itself, and soon.
        if (deployment === undefined && clock.now().getTime() >= deadline) return outOfTime(state, link, options.waitMinutes);
        await poll.rest(news.length > 0);
    }
}

function ended(state: PipelineState, result: "succeeded" | "failed" | "stopped", deployment: DeploymentEnd | undefined): PipelineEnd {
    return {
        result, executionId: state.executionId, variables: variablesOf(state),
        ...(deployment && { deployment }),
        ...(result !== "succeeded" && { reason: reasonOf(state) }),
    };
}

function outOfTime(state: PipelineState, link: string, waitMinutes: number): PipelineEnd {
    const approval = waitingApproval(state);
    const { executionId } = state;
    const variables = variablesOf(state);
    return approval === undefined
        ? { result: "unfinished", executionId, variables, reason: `Execution ${executionId} is not over after ${waitMinutes} minutes, and goes on: ${link}` }
        : {
            result: "waiting", executionId, variables,
            reason: `${nameOf(approval)} still waits for a person after ${waitMinutes} minutes. Approve or reject it, and the pipeline goes on by itself: ${link}`,
        };
}

/** The time is over while executions ahead of ours are not. */
async function behind(codePipeline: CodePipelineClient, pipeline: string, executionId: string, { signal, waitMinutes }: FollowPipelineOptions): Promise<PipelineEnd> {
    const link = await executionLink(codePipeline, pipeline, executionId);
    const approval = waitingApproval(await readExecution(codePipeline, pipeline, executionId, signal));
    const ahead = approval === undefined ? "is still under way" : `still waits for a person at ${nameOf(approval)}`;
    return unseen(approval === undefined ? "unfinished" : "waiting", `Execution ${executionId}, which is ahead, ${ahead} after ${waitMinutes} minutes: ${link}\nThis release comes after it by itself.`);
}

function unseen(result: "waiting" | "unfinished" | "notStarted", reason: string): PipelineEnd {
    return { result, reason, variables: {} };
}
