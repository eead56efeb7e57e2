import type { PipelineExecution, PipelineExecutionStatus, PipelineExecutionSummary, TriggerType } from "@aws-sdk/client-codepipeline";
import type { ActionRun } from "./action-run";

export interface ExecutionArgs {
    readonly id: string;
    /** Object version or commit that it is about. */
    readonly revision: string;
    readonly trigger: { readonly triggerType: TriggerType; readonly triggerDetail: string };
}

/** One release or commit on its way through a pipeline. */
export class Execution {
    status: PipelineExecutionStatus = "InProgress";
    /** One for each stage that it has entered. */
    readonly actions: ActionRun[] = [];
    stopReason: string | undefined;
    readonly startTime: Date;
    private lastUpdateTime: Date;

    constructor(readonly args: ExecutionArgs, private readonly now: () => Date) {
        this.startTime = now();
        this.lastUpdateTime = this.startTime;
    }

    get ended(): boolean {
        return this.status !== "InProgress" && this.status !== "Stopping";
    }

    /** The action that goes on. */
    get current(): ActionRun | undefined {
        const last = this.actions.at(-1);
        return last?.status === "InProgress" ? last : undefined;
    }

    enter(status: PipelineExecutionStatus): void {
        this.status = status;
        this.lastUpdateTime = this.now();
    }

    /** As ListPipelineExecutions tells it. */
    summarise(): PipelineExecutionSummary {
        const { id, revision, trigger } = this.args;
        return {
            pipelineExecutionId: id,
            status: this.status,
            startTime: this.startTime,
            lastUpdateTime: this.lastUpdateTime,
            sourceRevisions: this.hasSource ? [{ actionName: this.source, revisionId: revision, revisionSummary: this.revisionSummary }] : [],
            trigger,
            executionMode: "QUEUED",
            executionType: "STANDARD",
            ...(this.stopReason !== undefined && { stopTrigger: { reason: this.stopReason } }),
        };
    }

    /** As GetPipelineExecution tells it. */
    describe(pipelineName: string): PipelineExecution {
        const { id, revision, trigger } = this.args;
        return {
            pipelineName,
            pipelineVersion: 1,
            pipelineExecutionId: id,
            status: this.status,
            artifactRevisions: this.hasSource ? [{ name: "release", revisionId: revision, revisionSummary: this.revisionSummary, created: this.startTime }] : [],
            trigger,
            executionMode: "QUEUED",
            executionType: "STANDARD",
        };
    }

    // Nobody knows what it is about before its source action is done.
    private get hasSource(): boolean {
        return this.actions[0]?.status === "Succeeded";
    }

    private get source(): string {
        return this.actions[0]?.stage.name ?? "Source";
    }

    private get revisionSummary(): string {
        const stage = this.actions[0]?.stage;
        return stage?.kind === "source" && "bucket" in stage.from ? `Amazon S3 version id: ${this.args.revision}` : `commit ${this.args.revision}`;
    }
}
