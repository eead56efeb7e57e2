import type { CodePipelineClient } from "@aws-sdk/client-codepipeline";
import type { S3Client } from "@aws-sdk/client-s3";
import { rollAction } from "../pipeline-names";
import { nameOf, type PipelineState, waitingApproval } from "../pipeline-progress";
import type { Stage } from "../stage";
import { executionLink, newestExecutions, readExecution } from "./pipelines";
import { readTriggered } from "./triggered-release";

/** An execution of a pipeline that waits for a person. */
export interface WaitingApproval {
    readonly executionId: string;
    /** Stage and action. */
    readonly action: string;
    /** Where a person approves or rejects. */
    readonly link: string;
}

/** An execution of a pipeline that has not deployed yet, and will. */
export interface ComingExecution {
    readonly executionId: string;
    /** Undefined when it cannot be told yet. */
    readonly version?: string;
    /** Stage and action at which it waits for a person; undefined when it goes on by itself. */
    readonly approval?: string;
    /** Where a person looks at it, approves and rejects. */
    readonly link: string;
}

/** What waits for a person in a pipeline. */
export async function waitingApprovals(codePipeline: CodePipelineClient, pipeline: string, signal: AbortSignal): Promise<readonly WaitingApproval[]> {
    return forEachRunning(codePipeline, pipeline, signal, async (state, link) => {
        const approval = waitingApproval(state);
        return Promise.resolve(approval && { executionId: state.executionId, action: nameOf(approval), link });
    });
}

/** What a stage's pipeline is still going to deploy: what it works on, what is queued and what waits for a person. */
export async function comingExecutions(codePipeline: CodePipelineClient, s3: S3Client, stage: Stage, signal: AbortSignal): Promise<readonly ComingExecution[]> {
    return forEachRunning(codePipeline, stage.pipeline, signal, async (state, link, [objectVersion]) => {
        if (hasDeployed(state)) return undefined;
        const approval = waitingApproval(state);
        const version = objectVersion === undefined ? undefined : await versionOf(s3, stage, objectVersion, signal);
        return { executionId: state.executionId, link, ...(version !== undefined && { version }), ...(approval && { approval: nameOf(approval) }) };
    });
}

function hasDeployed({ actions }: PipelineState): boolean {
    return actions.some(({ provider, action, status }) => (provider === "CodeDeploy" || action === rollAction) && status === "Succeeded");
}

/** Its name is worth less than that it comes. */
async function versionOf(s3: S3Client, { releaseBucket }: Stage, objectVersion: string, signal: AbortSignal): Promise<string | undefined> {
    return readTriggered(s3, releaseBucket, objectVersion, signal).then(({ version }) => version, () => undefined);
}

async function forEachRunning<Found>(
    codePipeline: CodePipelineClient, pipeline: string, signal: AbortSignal,
    look: (state: PipelineState, link: string, revisions: readonly string[]) => Promise<Found | undefined>,
): Promise<readonly Found[]> {
    const running = (await newestExecutions(codePipeline, pipeline, signal)).filter(({ status }) => status === "InProgress");
    const found = await Promise.all(running.map(async ({ executionId, revisions }) => look(
        await readExecution(codePipeline, pipeline, executionId, signal), await executionLink(codePipeline, pipeline, executionId), revisions,
    )));
    return found.flatMap(each => each ?? []);
}
