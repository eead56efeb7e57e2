import type { ActionExecution, ActionExecutionDetail, ActionExecutionStatus } from "@aws-sdk/client-codepipeline";
import { declare, type StageArgs } from "./stage-args";

/** An action in an execution. */
export class ActionRun {
    status: ActionExecutionStatus = "InProgress";
    /** Deployment, build or object version that it is elsewhere. */
    externalId: string | undefined;
    summary: string | undefined;
    error: { readonly code: string; readonly message: string } | undefined;
    /** What whoever approves shows; of approvals that wait alone. */
    token: string | undefined;
    variables: Readonly<Record<string, string>> = {};
    private readonly startTime: Date;
    private lastUpdateTime: Date;

    constructor(readonly id: string, readonly stage: StageArgs, private readonly now: () => Date) {
        this.startTime = now();
        this.lastUpdateTime = this.startTime;
    }

    succeed(): void {
        this.end("Succeeded");
    }

    fail(code: string, message: string): void {
        this.error = { code, message };
        this.end("Failed");
    }

    end(status: ActionExecutionStatus): void {
        this.status = status;
        this.token = undefined;
        this.lastUpdateTime = this.now();
    }

    /** As GetPipelineState tells it. */
    describe(): ActionExecution {
        return {
            actionExecutionId: this.id,
            status: this.status,
            lastStatusChange: this.lastUpdateTime,
            summary: this.summary,
            token: this.token,
            externalExecutionId: this.externalId,
            externalExecutionUrl: this.externalUrl,
            errorDetails: this.error,
        };
    }

    /** As ListActionExecutions tells it. */
    detail(pipelineExecutionId: string): ActionExecutionDetail {
        const { actionTypeId, configuration } = declare(this.stage).actions?.[0] ?? {};
        return {
            pipelineExecutionId,
            actionExecutionId: this.id,
            pipelineVersion: 1,
            stageName: this.stage.name,
            actionName: this.stage.name,
            startTime: this.startTime,
            lastUpdateTime: this.lastUpdateTime,
            status: this.status,
            input: { actionTypeId, configuration, resolvedConfiguration: configuration, inputArtifacts: [] },
            output: {
                outputArtifacts: [],
                executionResult: {
                    externalExecutionId: this.externalId, externalExecutionSummary: this.summary, externalExecutionUrl: this.externalUrl, errorDetails: this.error,
                },
                outputVariables: { ...this.variables },
            },
        };
    }

    private get externalUrl(): string | undefined {
        return this.externalId === undefined ? undefined : `https://console.aws.amazon.com/${this.stage.kind}/${this.externalId}`;
    }
}
