import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Account } from "./account";
import { release } from "./pipeline-stages";
import { makeRole, onBehalfOf, type Statement } from "./role";
import { readStage, type StackNames } from "./stage-policies";
import { storeTool, type Tool, toolRule } from "./tool";

/** A build of the deploy pipeline that runs the command line on a release. */
export interface ToolProjectArgs extends StackNames {
    /** Text of the build specification; its working directory is the release. */
    readonly buildspec: string;
    /** Command line that it runs. */
    readonly tool: Tool;
    /** ECR repository in which images that were deployed are marked. @default none is marked */
    readonly repositoryArn?: pulumi.Input<string>;
    /** CloudFront distribution that is to ask for everything anew. @default none */
    readonly distributionArn?: pulumi.Input<string>;
    /** Days that logs are kept. @default 30 */
    readonly logRetentionDays?: number;
}

export interface ToolProject {
    readonly project: aws.codebuild.Project;
    /** To depend on: without them the project may do nothing yet, or has nothing to do it with. */
    readonly before: readonly pulumi.Resource[];
}

export interface ToolProjectSurroundings {
    readonly account: Account;
    readonly releaseBucketName: pulumi.Input<string>;
    readonly releaseBucketArn: pulumi.Input<string>;
    /** Logical name of the pipeline that runs it, which itself comes later. */
    readonly pipelineLogicalName: string;
    /**
     * Logical name of the stored command line, the same for every such build of a pipeline: the object is the same, too, and when one build takes
     * the place of the other it would be deleted with the resource that goes.
     */
    readonly toolLogicalName: string;
}

/** What tells one such build from another. */
export interface ToolProjectKind {
    readonly description: string;
    /** Minutes after which CodeBuild ends it; releases behind this one wait for it. */
    readonly timeoutMinutes: number;
    /** What it may do beyond running at all and reading the release. */
    readonly statements: readonly Statement[];
}

/** What is wrong with the arguments, for `check`. */
export function toolProjectRules({ tool }: ToolProjectArgs): (string | false)[] {
    return [toolRule(tool)];
}

/** The smallest build project there is, which reads the release that is deployed. */
export function makeToolProject(
    name: string, args: ToolProjectArgs, around: ToolProjectSurroundings, kind: ToolProjectKind, parent: pulumi.Resource,
): ToolProject {
    const { partition, region, accountId } = around.account;
    const logs = new aws.cloudwatch.LogGroup(`${name}-logs`, { retentionInDays: args.logRetentionDays ?? 30 }, { parent });
    const tool = storeTool(around.toolLogicalName, around.releaseBucketName, args.tool, { parent, aliases: [{ name: `${name}-tool` }] });
    const { role, policy } = makeRole(name, {
        service: "codebuild.amazonaws.com",
        // By the project's logical name: the project itself needs the role first.
        when: onBehalfOf(around.account, pulumi.interpolate`arn:${partition}:codebuild:${region}:${accountId}:project/${name}-*`),
        statements: [...runOnRelease(around, logs.arn, tool.key), readStage(around.account, args), ...kind.statements],
    }, parent);
    const project = new aws.codebuild.Project(name, {
        description: kind.description,
        serviceRole: role.arn,
        source: { type: "CODEPIPELINE", buildspec: args.buildspec },
        artifacts: { type: "CODEPIPELINE" },
        environment: {
            type: "LINUX_CONTAINER",
            computeType: "BUILD_GENERAL1_SMALL",
            image: "aws/codebuild/amazonlinux-x86_64-standard:5.0",
            environmentVariables: variables({
                GAPLESS_PROJECT: args.project, GAPLESS_STACK: args.stack, GAPLESS_RELEASE_BUCKET: around.releaseBucketName,
                GAPLESS_TOOL: tool.key, GAPLESS_TOOL_SHA256: args.tool.sha256,
            }),
        },
        logsConfig: { cloudwatchLogs: { groupName: logs.name } },
        buildTimeout: kind.timeoutMinutes,
    }, { parent });
    return { project, before: [policy, tool.object] };
}

function variables(values: Readonly<Record<string, pulumi.Input<string>>>) {
    return Object.entries(values).map(([name, value]) => ({ name, value }));
}

function runOnRelease({ releaseBucketArn }: ToolProjectSurroundings, logGroupArn: pulumi.Input<string>, toolKey: string): readonly Statement[] {
    return [
        { Effect: "Allow", Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource: pulumi.interpolate`${logGroupArn}:*` },
        // The pipeline's copies, `<its name, cut short>/<artifact>/…`.
        { Effect: "Allow", Action: ["s3:GetObject", "s3:GetObjectVersion"], Resource: pulumi.interpolate`${releaseBucketArn}/*/${release}/*` },
        { Effect: "Allow", Action: "s3:GetObject", Resource: pulumi.interpolate`${releaseBucketArn}/${toolKey}` },
    ];
}

/** The pipeline's ARN, by its logical name: the pipeline itself needs the project first. */
export function pipelineArnOf({ account: { partition, region, accountId }, pipelineLogicalName }: ToolProjectSurroundings): pulumi.Output<string> {
    return pulumi.interpolate`arn:${partition}:codepipeline:${region}:${accountId}:${pipelineLogicalName}-*`;
}
