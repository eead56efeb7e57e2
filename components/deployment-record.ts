import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Account } from "./account";
import { release } from "./pipeline-stages";
import { makeRole, onBehalfOf, type Statement } from "./role";
import { type Deployments, groupArn, readReleases, readStage, type StackNames, writeJournal } from "./stage-policies";
import { storeTool, type Tool, toolRule } from "./tool";

/** What is left to do when a release serves: to write it down, to mark its image, to empty the CDN's cache. */
export interface RecordArgs extends StackNames {
    /** Text of the build specification; its working directory is the release. */
    readonly buildspec: string;
    /** Command line whose command `record` does it. */
    readonly tool: Tool;
    /** ECR repository in which images that were deployed are marked. @default none is marked */
    readonly repositoryArn?: pulumi.Input<string>;
    /** CloudFront distribution that is to ask for everything anew. @default none */
    readonly distributionArn?: pulumi.Input<string>;
    /** Days that logs are kept. @default 30 */
    readonly logRetentionDays?: number;
}

export interface DeploymentRecord {
    readonly project: aws.codebuild.Project;
    /** To depend on: without them the project may do nothing yet, or has nothing to do it with. */
    readonly before: readonly pulumi.Resource[];
}

/** What is wrong with the arguments, for `check`. */
export function recordRules({ tool }: RecordArgs): (string | false)[] {
    return [toolRule(tool)];
}

export interface RecordSurroundings {
    readonly account: Account;
    readonly releaseBucketName: pulumi.Input<string>;
    readonly releaseBucketArn: pulumi.Input<string>;
    /** Where the pipeline deploys to. */
    readonly deployments: Pick<Deployments, "applicationName" | "deploymentGroupName">;
    /** Logical name of the pipeline that runs it, which itself comes later. */
    readonly pipelineLogicalName: string;
}

/** The smallest build project there is, which reads the release that was deployed. */
export function makeDeploymentRecord(name: string, args: RecordArgs, around: RecordSurroundings, parent: pulumi.Resource): DeploymentRecord {
    const { partition, region, accountId } = around.account;
    const logs = new aws.cloudwatch.LogGroup(`${name}-logs`, { retentionInDays: args.logRetentionDays ?? 30 }, { parent });
    const tool = storeTool(`${name}-tool`, around.releaseBucketName, args.tool, parent);
    const { role, policy } = makeRole(name, {
        service: "codebuild.amazonaws.com",
        // By the project's logical name: the project itself needs the role first.
        when: onBehalfOf(around.account, pulumi.interpolate`arn:${partition}:codebuild:${region}:${accountId}:project/${name}-*`),
        statements: recordPolicy(args, around, { logGroupArn: logs.arn, toolKey: tool.key }),
    }, parent);
    const project = new aws.codebuild.Project(name, {
        description: "Writes down what was deployed, marks its image and empties the CDN's cache",
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
        // Minutes; it takes seconds, and releases behind this one wait for it.
        buildTimeout: 10,
    }, { parent });
    return { project, before: [policy, tool.object] };
}

function variables(values: Readonly<Record<string, pulumi.Input<string>>>) {
    return Object.entries(values).map(([name, value]) => ({ name, value }));
}

function recordPolicy(
    args: RecordArgs, { account, releaseBucketArn, deployments, pipelineLogicalName }: RecordSurroundings,
    own: { readonly logGroupArn: pulumi.Input<string>; readonly toolKey: string },
): readonly Statement[] {
    const { repositoryArn, distributionArn } = args;
    const { partition, region, accountId } = account;
    const statements: readonly (Statement | false)[] = [
        { Effect: "Allow", Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource: pulumi.interpolate`${own.logGroupArn}:*` },
        // The pipeline's copies, `<its name, cut short>/<artifact>/…`.
        { Effect: "Allow", Action: ["s3:GetObject", "s3:GetObjectVersion"], Resource: pulumi.interpolate`${releaseBucketArn}/*/${release}/*` },
        { Effect: "Allow", Action: "s3:GetObject", Resource: pulumi.interpolate`${releaseBucketArn}/${own.toolKey}` },
        readStage(account, args),
        ...readReleases(releaseBucketArn),
        ...writeJournal(releaseBucketArn),
        // By the pipeline's logical name: the pipeline itself needs the project first.
        {
            Effect: "Allow", Action: ["codepipeline:GetPipelineExecution", "codepipeline:ListActionExecutions"],
            Resource: pulumi.interpolate`arn:${partition}:codepipeline:${region}:${accountId}:${pipelineLogicalName}-*`,
        },
        { Effect: "Allow", Action: "codedeploy:GetDeployment", Resource: groupArn(account, deployments) },
        repositoryArn !== undefined && { Effect: "Allow", Action: ["ecr:BatchGetImage", "ecr:PutImage"], Resource: repositoryArn },
        distributionArn !== undefined && { Effect: "Allow", Action: "cloudfront:CreateInvalidation", Resource: distributionArn },
    ];
    return statements.filter(statement => statement !== false);
}
