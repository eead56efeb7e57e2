import {
    type ActionExecutionDetail, type ActionExecutionResult, type CodePipelineClient, GetPipelineExecutionCommand, ListPipelineExecutionsCommand, paginateListActionExecutions,
    type SourceRevisionOverride, StartPipelineExecutionCommand,
} from "@aws-sdk/client-codepipeline";
import { sourceAction } from "../pipeline-names";
import { type ActionState, type ExecutionSummary, nameOf, type PipelineState } from "../pipeline-progress";
import { DeliveryError } from "./error";

/** Starts a build pipeline for one commit of its repository, whatever its branch has come to since. Returns the execution's id. */
export function startBuild(codePipeline: CodePipelineClient, pipeline: string, commit: string, signal: AbortSignal): Promise<string> {
    return start(codePipeline, pipeline, { revisionType: "COMMIT_ID", revisionValue: commit }, signal);
}

/** Starts a deploy pipeline for a version of its object that it may have had before. Returns the execution's id. */
export function startRelease(codePipeline: CodePipelineClient, pipeline: string, objectVersion: string, signal: AbortSignal): Promise<string> {
    return start(codePipeline, pipeline, { revisionType: "S3_OBJECT_VERSION_ID", revisionValue: objectVersion }, signal);
}

async function start(codePipeline: CodePipelineClient, name: string, source: Pick<SourceRevisionOverride, "revisionType" | "revisionValue">, abortSignal: AbortSignal): Promise<string> {
    const request = new StartPipelineExecutionCommand({ name, sourceRevisions: [{ actionName: sourceAction, ...source }] });
    const { pipelineExecutionId } = await codePipeline.send(request, { abortSignal });
    if (pipelineExecutionId === undefined) throw new DeliveryError(`CodePipeline has started ${name} and does not say which execution it is.`);
    return pipelineExecutionId;
}

/** The newest hundred executions of a pipeline, newest first. */
export async function newestExecutions(codePipeline: CodePipelineClient, pipeline: string, signal: AbortSignal): Promise<readonly ExecutionSummary[]> {
    const request = new ListPipelineExecutionsCommand({ pipelineName: pipeline, maxResults: 100 });
    const { pipelineExecutionSummaries = [] } = await codePipeline.send(request, { abortSignal: signal });
    return pipelineExecutionSummaries.map(({ pipelineExecutionId = "", status = "", sourceRevisions = [] }) => ({
        executionId: pipelineExecutionId, status, revisions: sourceRevisions.flatMap(({ revisionId }) => revisionId ?? []),
    }));
}

/** How far an execution is. */
export async function readExecution(
    codePipeline: CodePipelineClient, pipelineName: string, executionId: string, signal: AbortSignal,
): Promise<PipelineState> {
    // The status first: actions that are told after it are not older than it.
    const request = new GetPipelineExecutionCommand({ pipelineName, pipelineExecutionId: executionId });
    const { pipelineExecution } = await codePipeline.send(request, { abortSignal: signal });
    const filter = { pipelineExecutionId: executionId };
    const details: ActionExecutionDetail[] = [];
    for await (const page of paginateListActionExecutions({ client: codePipeline }, { pipelineName, filter }, { abortSignal: signal })) {
        details.push(...page.actionExecutionDetails ?? []);
    }
    return { executionId, status: pipelineExecution?.status ?? "", actions: newestTries(details.map(toAction)) };
}

/** AWS lists the newest first; a map keeps the last that it was given, in the place of the first. */
function newestTries(newestFirst: readonly ActionState[]): readonly ActionState[] {
    return [...new Map(newestFirst.toReversed().map(action => [nameOf(action), action])).values()];
}

function toAction(detail: ActionExecutionDetail): ActionState {
    const { stageName = "", actionName = "", status = "InProgress", startTime, output = {} } = detail;
    const named = { stage: stageName, action: actionName, status, ...(startTime && { startedAt: startTime }) };
    return { ...named, ...typeOf(detail), ...toResult(output.executionResult), variables: output.outputVariables ?? {} };
}

function typeOf({ input }: ActionExecutionDetail): Pick<ActionState, "category" | "provider"> {
    const { category = "", provider = "" } = input?.actionTypeId ?? {};
    return { category, provider };
}

function toResult(result: ActionExecutionResult | undefined): Pick<ActionState, "externalId" | "url" | "message"> {
    const { externalExecutionId: externalId, externalExecutionUrl: url, externalExecutionSummary, errorDetails } = result ?? {};
    const message = errorDetails?.message ?? externalExecutionSummary;
    // What an action has not come to is told as empty texts, too.
    return { ...(externalId && { externalId }), ...(url && { url }), ...(message && { message }) };
}

/** Where a person looks at a pipeline. */
export async function pipelineLink(codePipeline: CodePipelineClient, pipeline: string): Promise<string> {
    const region = await codePipeline.config.region();
    return `https://${region}.console.aws.amazon.com/codesuite/codepipeline/pipelines/${pipeline}/view?region=${region}`;
}

/** Where a person looks at an execution, and approves. */
export async function executionLink(codePipeline: CodePipelineClient, pipeline: string, executionId: string): Promise<string> {
    const region = await codePipeline.config.region();
    return `https://${region}.console.aws.amazon.com/codesuite/codepipeline/pipelines/${pipeline}/executions/${executionId}/timeline?region=${region}`;
}
