import { randomUUID } from "node:crypto";
import type { PipelineDeclaration, StageExecution, StageState } from "@aws-sdk/client-codepipeline";
import type { CodeDeployDouble } from "../code-deploy-double";
import { accountId } from "../double-access";
import { ServiceError } from "../service-error";
import { ActionRun } from "./action-run";
import { Execution, type ExecutionArgs } from "./execution";
import { declare, type StageArgs } from "./stage-args";

/** A pipeline as a test sets it up. */
export interface PipelineArgs {
    readonly name: string;
    readonly stages: readonly StageArgs[];
}

/** What a pipeline works with. */
export interface PipelineSurroundings {
    readonly codeDeploy: CodeDeployDouble | undefined;
    readonly now: () => Date;
}

/** A pipeline of mode QUEUED: executions go through its stages in order, one in a stage at a time. */
export class Pipeline {
    /** Oldest first. */
    readonly executions: Execution[] = [];

    constructor(readonly args: PipelineArgs, private readonly around: PipelineSurroundings) {}

    start(args: Omit<ExecutionArgs, "id">): Execution {
        const execution = new Execution({ ...args, id: randomUUID() }, this.around.now);
        this.executions.push(execution);
        this.enterNext(execution);
        return execution;
    }

    execution(id: string): Execution {
        const found = this.executions.find(({ args }) => args.id === id);
        if (!found) throw new ServiceError("PipelineExecutionNotFoundException", `The pipeline execution with ID ${id} does not exist for pipeline ${this.args.name}.`);
        return found;
    }

    /** Lets every execution get one action further, the first ones first. */
    step(): void {
        for (const execution of this.executions.filter(({ ended }) => !ended)) this.move(execution);
    }

    declare(): PipelineDeclaration {
        return {
            name: this.args.name, roleArn: `arn:aws:iam::${accountId}:role/${this.args.name}`, version: 1, pipelineType: "V2", executionMode: "QUEUED",
            artifactStore: { type: "S3", location: this.artifactBucket },
            stages: this.args.stages.map(declare),
        };
    }

    /** As GetPipelineState tells it: for each stage the latest that was in it, and those that wait before it. */
    state(): StageState[] {
        return this.args.stages.map((stage, index) => {
            const latest = this.executions.filter(({ actions }) => actions[index]).at(-1);
            const inbound = this.executions.filter(execution => this.waitsBefore(execution, index)).map(({ args }): StageExecution => ({ pipelineExecutionId: args.id, status: "InProgress" }));
            const action = latest?.actions[index];
            return {
                stageName: stage.name,
                inboundExecutions: inbound,
                inboundTransitionState: { enabled: true },
                actionStates: [{
                    actionName: stage.name,
                    ...(action && { latestExecution: action.describe() }),
                }],
                ...(inbound[0] && { inboundExecution: inbound[0] }),
                ...(latest && action && { latestExecution: { pipelineExecutionId: latest.args.id, status: stageStatus(action, latest) } }),
            };
        });
    }

    // The stack's own keeps both, releases and the copies of them.
    private get artifactBucket(): string {
        const [source] = this.args.stages;
        return source?.kind === "source" && "bucket" in source.from ? source.from.bucket : "artifacts";
    }

    private waitsBefore(execution: Execution, index: number): boolean {
        return !execution.ended && !execution.current && execution.actions.length === index;
    }

    private move(execution: Execution): void {
        const { current } = execution;
        if (current) this.look(current, execution);
        if (execution.current) return;
        const last = execution.actions.at(-1);
        if (last?.status === "Failed") execution.enter("Failed");
        else if (execution.status === "Stopping") execution.enter("Stopped");
        else if (execution.actions.length === this.args.stages.length) execution.enter("Succeeded");
        else this.enterNext(execution);
    }

    private enterNext(execution: Execution): void {
        const index = execution.actions.length;
        const stage = this.args.stages[index];
        const busy = this.executions.some(({ actions }) => actions[index]?.status === "InProgress");
        const overtakes = this.executions.slice(0, this.executions.indexOf(execution)).some(earlier => this.waitsBefore(earlier, index));
        if (!stage || busy || overtakes) return;
        const action = new ActionRun(randomUUID(), stage, this.around.now);
        execution.actions.push(action);
        if (stage.kind === "approval") action.token = randomUUID();
        if (stage.kind === "build") build(stage, action, execution);
        if (stage.kind === "deploy") this.deploy(stage, action, execution);
    }

    // Approvals and builds end by themselves.
    private look(action: ActionRun, execution: Execution): void {
        if (action.stage.kind === "source") fetchSource(action, execution);
        if (action.stage.kind === "deploy") this.lookAtDeployment(action);
    }

    private deploy(stage: StageArgs & { readonly kind: "deploy" }, action: ActionRun, execution: Execution): void {
        const { codeDeploy } = this.around;
        if (!codeDeploy) throw new Error(`pipeline ${this.args.name} deploys, so its double must be started with codeDeploy`);
        try {
            action.externalId = codeDeploy.create({
                application: stage.application, group: stage.group,
                // A copy of the source's object, which CodePipeline keeps among its artifacts.
                revision: {
                    revisionType: "S3",
                    s3Location: {
                        bucket: this.artifactBucket, key: `${this.args.name.slice(0, 20)}/release/${action.id.slice(0, 7)}`, bundleType: "zip",
                        version: `copy-of-${execution.args.revision}`, eTag: action.id,
                    },
                },
            });
            action.summary = "Deployment is in progress";
        } catch (error) {
            if (!(error instanceof ServiceError)) throw error;
            action.fail("ConfigurationError", error.message);
        }
    }

    private lookAtDeployment(action: ActionRun): void {
        const deployment = this.around.codeDeploy?.deployment(action.externalId ?? "");
        if (!deployment?.ended) return;
        action.summary = `Deployment ${deployment.args.id} ${deployment.status.toLowerCase()}`;
        if (deployment.status === "Succeeded") action.succeed();
        else action.fail("JobFailed", `Deployment ${deployment.args.id} failed`);
    }
}

function fetchSource(action: ActionRun, execution: Execution): void {
    action.externalId = execution.args.revision;
    action.summary = `Amazon S3 version id: ${execution.args.revision}`;
    action.succeed();
}

// Not awaited: whoever reads the pipeline meanwhile, the build itself included, sees it at work.
function build(stage: StageArgs & { readonly kind: "build" }, action: ActionRun, execution: Execution): void {
    action.externalId = `${stage.project}:${randomUUID()}`;
    const deploymentId = execution.actions.find(each => each.stage.kind === "deploy")?.externalId;
    const { id: executionId, revision } = execution.args;
    Promise.resolve().then(() => stage.run({ executionId, revision, deploymentId })).then(
        variables => {
            action.variables = variables ?? {};
            action.succeed();
        },
        (error: unknown) => { action.fail("JobFailed", `Build terminated with state: FAILED. ${String(error)}`); },
    );
}

function stageStatus(action: ActionRun, execution: Execution): StageExecution["status"] {
    if (action.status === "Abandoned") return "Stopped";
    if (action.status === "InProgress" && execution.status === "Stopping") return "Stopping";
    return action.status;
}
