import type * as sdk from "@aws-sdk/client-codepipeline";
import type { CodePipelineDouble } from "../code-pipeline-double";
import type { Operation } from "../json-service";
import { pageOf } from "../page";
import { ServiceError } from "../service-error";
import type { ActionRun } from "./action-run";
import type { Pipeline } from "./pipeline";

const mostOnAPage = 100;

/** The two ways in which inputs name their pipeline. */
interface PipelineRead {
    readonly name?: string;
    readonly pipelineName?: string;
}

/** What the double can be asked for over HTTP. Reading lets the pipeline move afterwards. */
export function operationsOf(theDouble: () => CodePipelineDouble): Readonly<Record<string, Operation>> {
    const pipeline = (name: string | undefined): Pipeline => theDouble().pipeline(name ?? "");
    const reads = (read: Operation): Operation => (input: PipelineRead) => {
        const answer = read(input);
        theDouble().poll(input.pipelineName ?? input.name ?? "");
        return answer;
    };
    return {
        GetPipeline: ({ name }: sdk.GetPipelineInput) => ({ pipeline: pipeline(name).declare(), metadata: {} }),
        GetPipelineState: reads(({ name }: sdk.GetPipelineStateInput) => ({ pipelineName: name, pipelineVersion: 1, stageStates: pipeline(name).state() })),
        ListPipelineExecutions: reads((input: sdk.ListPipelineExecutionsInput) => listExecutions(theDouble(), input)),
        GetPipelineExecution: reads(({ pipelineName = "", pipelineExecutionId = "" }: sdk.GetPipelineExecutionInput) =>
            ({ pipelineExecution: pipeline(pipelineName).execution(pipelineExecutionId).describe(pipelineName) })),
        ListActionExecutions: reads((input: sdk.ListActionExecutionsInput) => listActions(theDouble(), input)),
        StartPipelineExecution: (input: sdk.StartPipelineExecutionInput) => start(theDouble(), input),
        StopPipelineExecution: (input: sdk.StopPipelineExecutionInput) => stop(pipeline(input.pipelineName), input),
        PutApprovalResult: (input: sdk.PutApprovalResultInput) => approve(theDouble(), input),
    };
}

function listExecutions(double: CodePipelineDouble, { pipelineName = "", maxResults = mostOnAPage, nextToken, filter }: sdk.ListPipelineExecutionsInput): sdk.ListPipelineExecutionsOutput {
    const stage = filter?.succeededInStage?.stageName;
    const found = double.pipeline(pipelineName).executions.filter(({ actions }) =>
        stage === undefined || actions.some(action => action.stage.name === stage && action.status === "Succeeded"));
    // Newest first.
    const page = pageOf(`executions-of-${pipelineName}`, [...found].reverse(), sizeOf(maxResults, double), nextToken);
    return { pipelineExecutionSummaries: page.items.map(execution => execution.summarise()), nextToken: page.nextToken };
}

function listActions(double: CodePipelineDouble, { pipelineName = "", maxResults = mostOnAPage, nextToken, filter }: sdk.ListActionExecutionsInput): sdk.ListActionExecutionsOutput {
    const wanted = filter?.pipelineExecutionId ?? filter?.latestInPipelineExecution?.pipelineExecutionId;
    const pipeline = double.pipeline(pipelineName);
    const executions = wanted === undefined ? pipeline.executions : [pipeline.execution(wanted)];
    const details = executions.flatMap(({ actions, args }) => actions.map(action => action.detail(args.id)));
    const page = pageOf(`actions-of-${pipelineName}`, details.reverse(), sizeOf(maxResults, double), nextToken);
    return { actionExecutionDetails: [...page.items], nextToken: page.nextToken };
}

function sizeOf(maxResults: number, { pageSize }: CodePipelineDouble): number {
    if (maxResults < 1 || maxResults > mostOnAPage) {
        throw new ServiceError("ValidationException", `1 validation error detected: Value '${maxResults}' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to ${mostOnAPage}`);
    }
    return Math.min(maxResults, pageSize);
}

function start(double: CodePipelineDouble, { name = "", sourceRevisions = [] }: sdk.StartPipelineExecutionInput): sdk.StartPipelineExecutionOutput {
    const pipeline = double.pipeline(name);
    const source = pipeline.args.stages[0]?.name;
    const [override] = sourceRevisions;
    if (override && override.actionName !== source) {
        throw new ServiceError("ValidationException", `The source action ${override.actionName ?? ""} does not exist in pipeline ${name}`);
    }
    const revision = override?.revisionValue ?? double.newestSource(name);
    const trigger = { triggerType: "StartPipelineExecution", triggerDetail: "arn:aws:sts::123456789012:assumed-role/ci/gapless" } as const;
    return { pipelineExecutionId: pipeline.start({ revision, trigger }).args.id };
}

function stop(pipeline: Pipeline, { pipelineExecutionId = "", abandon = false, reason = "" }: sdk.StopPipelineExecutionInput): sdk.StopPipelineExecutionOutput {
    const execution = pipeline.execution(pipelineExecutionId);
    if (execution.ended) throw new ServiceError("PipelineExecutionNotStoppableException", `The pipeline execution ${pipelineExecutionId} has already ended.`);
    if (execution.status === "Stopping" && !abandon) throw new ServiceError("DuplicatedStopRequestException", `The pipeline execution ${pipelineExecutionId} is already stopping.`);
    execution.stopReason = reason;
    if (abandon) execution.current?.end("Abandoned");
    execution.enter(execution.current ? "Stopping" : "Stopped");
    return { pipelineExecutionId };
}

function approve(double: CodePipelineDouble, { pipelineName = "", stageName, token, result }: sdk.PutApprovalResultInput): sdk.PutApprovalResultOutput {
    const waiting = double.pipeline(pipelineName).executions.flatMap(({ current }): ActionRun[] => (current && current.stage.name === stageName ? [current] : []));
    const action = waiting.find(each => each.token === token);
    if (!action) throw new ServiceError("InvalidApprovalTokenException", "The approval token is not the one of an approval that waits.");
    action.summary = result?.summary ?? "";
    if (result?.status === "Approved") action.succeed();
    else action.fail("JobFailed", action.summary);
    return { approvedAt: double.now() };
}
