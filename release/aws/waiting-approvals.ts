import type { CodePipelineClient } from "@aws-sdk/client-codepipeline";
import { nameOf, waitingApproval } from "../pipeline-progress";
import { executionLink, newestExecutions, readExecution } from "./pipelines";

/** An execution of a pipeline that waits for a person. */
export interface WaitingApproval {
    readonly executionId: string;
    /** Stage and action. */
    readonly action: string;
    /** Where a person approves or rejects. */
    readonly link: string;
}

/** What waits for a person in a pipeline. */
export async function waitingApprovals(codePipeline: CodePipelineClient, pipeline: string, signal: AbortSignal): Promise<readonly WaitingApproval[]> {
    const running = (await newestExecutions(codePipeline, pipeline, signal)).filter(({ status }) => status === "InProgress");
    const found = await Promise.all(running.map(async ({ executionId }) => {
        const approval = waitingApproval(await readExecution(codePipeline, pipeline, executionId, signal));
        return approval ? [{ executionId, action: nameOf(approval), link: await executionLink(codePipeline, pipeline, executionId) }] : [];
    }));
    return found.flat();
}
