import * as model from "@aws-sdk/client-codepipeline";
import { rollAction } from "../../../release/pipeline-names";
import { triggerKey } from "../../../release/store-keys";
import type { CodeDeployDouble } from "./code-deploy-double";
import { operationsOf } from "./codepipeline/operations";
import { Pipeline, type PipelineArgs } from "./codepipeline/pipeline";
import type { Build, GitHubSource } from "./codepipeline/stage-args";
import { accountId, region } from "./double-access";
import { JsonService } from "./json-service";
import { ServiceError } from "./service-error";

export type { PipelineArgs } from "./codepipeline/pipeline";
export type { Build, BuildAbout, StageArgs } from "./codepipeline/stage-args";

export interface CodePipelineDoubleArgs {
    /** Where its deploy stages deploy. @default none: they fail */
    readonly codeDeploy?: CodeDeployDouble;
    /** @default the system's time */
    readonly now?: () => Date;
    /** Actions that every execution gets further after each read of its pipeline; 0 = by {@link CodePipelineDouble.advance} alone. @default 1 */
    readonly actionsPerPoll?: number;
    /** Most executions or actions on a page. @default 100 */
    readonly pageSize?: number;
}

/** The deploy pipeline of a stack. */
export interface DeployPipelineArgs {
    readonly name: string;
    readonly bucket: string;
    readonly application: string;
    readonly group: string;
    /** Whether a person has to agree. @default false */
    readonly approval?: boolean;
    /** What the Record stage does. @default nothing */
    readonly record?: Build;
    /** What the Roll stage of a blue/green stack does, in place of Deploy and Record. @default it has none */
    readonly roll?: Build | undefined;
}

/** CodePipeline in the small. A pipeline moves when it is read, after the answer; its deployments move in CodeDeploy's double. */
export class CodePipelineDouble extends JsonService {
    private readonly pipelines: Pipeline[] = [];
    private readonly newest = new Map<string, string>();
    private readonly coming: { readonly pipeline: string; readonly begin: () => void; polls: number }[] = [];
    private readonly args: Required<Omit<CodePipelineDoubleArgs, "codeDeploy">>;
    private readonly codeDeploy: CodeDeployDouble | undefined;

    private constructor({ codeDeploy, now = () => new Date(), actionsPerPoll = 1, pageSize = 100 }: CodePipelineDoubleArgs) {
        const operations = operationsOf(() => this);
        super(model, () => operations);
        this.args = { now, actionsPerPoll, pageSize };
        this.codeDeploy = codeDeploy;
    }

    static async start(args: CodePipelineDoubleArgs = {}): Promise<CodePipelineDouble> {
        const double = new CodePipelineDouble(args);
        await double.listen();
        return double;
    }

    now(): Date {
        return this.args.now();
    }

    get pageSize(): number {
        return this.args.pageSize;
    }

    addPipeline(args: PipelineArgs): Pipeline {
        const pipeline = new Pipeline(args, { codeDeploy: this.codeDeploy, now: this.args.now });
        this.pipelines.push(pipeline);
        return pipeline;
    }

    /** Source, perhaps Approve, then Deploy and Record, or Roll: as the stack's program makes it. */
    addDeployPipeline({ name, bucket, application, group, approval = false, record = () => undefined, roll }: DeployPipelineArgs): Pipeline {
        return this.addPipeline({
            name,
            stages: [
                { kind: "source", name: "Source", from: { bucket, key: triggerKey } },
                ...(approval ? [{ kind: "approval", name: "Approve" } as const] : []),
                ...(roll ? [{ kind: "build", name: rollAction, project: `${name}-roll`, run: roll } as const] : [
                    { kind: "deploy", name: "Deploy", application, group },
                    { kind: "build", name: "Record", project: `${name}-record`, run: record },
                ] as const),
            ],
        });
    }

    /** Source and Build, of source github. */
    addBuildPipeline({ name, source, build }: { readonly name: string; readonly source: GitHubSource; readonly build: Build }): Pipeline {
        return this.addPipeline({
            name,
            stages: [
                { kind: "source", name: "Source", from: source },
                { kind: "build", name: "Build", project: `${name}-project`, run: build },
            ],
        });
    }

    /**
     * Is EventBridge when the source's object was written: starts an execution for the new version.
     * @param afterPolls reads of the pipeline that do not show it yet; EventBridge takes its seconds. @default 0
     */
    sourceChanged(pipelineName: string, objectVersion: string, afterPolls = 0): void {
        const pipeline = this.pipeline(pipelineName);
        const begin = (): void => {
            this.newest.set(pipelineName, objectVersion);
            const rule = `arn:aws:events:${region}:${accountId}:rule/${pipelineName}`;
            pipeline.start({ revision: objectVersion, trigger: { triggerType: "CloudWatchEvent", triggerDetail: rule } });
        };
        if (afterPolls === 0) begin();
        else this.coming.push({ pipeline: pipelineName, begin, polls: afterPolls });
    }

    /** Lets every execution of a pipeline get some actions further. */
    async advance(pipelineName: string, actions = 1): Promise<void> {
        for (let step = 0; step < actions; step += 1) {
            this.pipeline(pipelineName).step();
            // Builds that are quick end in between.
            await new Promise(resolve => setImmediate(resolve));
        }
    }

    pipeline(name: string): Pipeline {
        const found = this.pipelines.find(({ args }) => args.name === name);
        if (!found) throw new ServiceError("PipelineNotFoundException", `Account '${accountId}' does not have a pipeline with name '${name}'`);
        return found;
    }

    /** Revision that a start without a word takes. */
    newestSource(pipelineName: string): string {
        return this.newest.get(pipelineName) ?? "first";
    }

    /** What a read of the pipeline leaves behind. */
    poll(pipelineName: string): void {
        for (const event of this.coming.filter(({ pipeline }) => pipeline === pipelineName)) {
            event.polls -= 1;
            if (event.polls > 0) continue;
            this.coming.splice(this.coming.indexOf(event), 1);
            event.begin();
        }
        for (let step = 0; step < this.args.actionsPerPoll; step += 1) this.pipeline(pipelineName).step();
    }
}
