import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Account } from "./account";
import { release } from "./pipeline-stages";
import { makeRole, onBehalfOf, type Statement } from "./role";

/** What is left to do when a release serves. */
export interface RecordArgs {
    /** Text of the build specification; its working directory is the release. */
    readonly buildspec: string;
    /** ECR repository in which images that were deployed are marked; the three belong together. @default none is marked */
    readonly repositoryName?: pulumi.Input<string>;
    readonly repositoryArn?: pulumi.Input<string>;
    readonly repositoryUrl?: pulumi.Input<string>;
    /** CloudFront distribution that is to ask for everything anew; the two belong together. @default none */
    readonly distributionId?: pulumi.Input<string>;
    readonly distributionArn?: pulumi.Input<string>;
    /** Days that logs are kept. @default 30 */
    readonly logRetentionDays?: number;
}

export interface DeploymentRecord {
    readonly project: aws.codebuild.Project;
    /** To depend on: without it the project may do nothing yet. */
    readonly policy: aws.iam.RolePolicy;
}

/** What is wrong with the arguments, for `check`. */
export function recordRules(args: RecordArgs | undefined): (string | false)[] {
    if (!args) return [];
    const repository = [args.repositoryName, args.repositoryArn, args.repositoryUrl];
    const distribution = [args.distributionId, args.distributionArn];
    return [
        isHalf(repository) && "record.repositoryName, repositoryArn and repositoryUrl must be given together",
        isHalf(distribution) && "record.distributionId and distributionArn must be given together",
        [...repository, ...distribution].every(value => value === undefined) && "record must have a repository or a distribution, or it does nothing",
    ];
}

function isHalf(values: readonly unknown[]): boolean {
    return new Set(values.map(value => value === undefined)).size > 1;
}

/** The smallest build project there is, which reads the release that was deployed. */
export function makeDeploymentRecord(
    name: string, args: RecordArgs, where: { readonly account: Account; readonly releaseBucketArn: pulumi.Input<string> }, parent: pulumi.Resource,
): DeploymentRecord {
    const { partition, region, accountId } = where.account;
    const logs = new aws.cloudwatch.LogGroup(`${name}-logs`, { retentionInDays: args.logRetentionDays ?? 30 }, { parent });
    const { role, policy } = makeRole(name, {
        service: "codebuild.amazonaws.com",
        // By the project's logical name: the project itself needs the role first.
        when: onBehalfOf(where.account, pulumi.interpolate`arn:${partition}:codebuild:${region}:${accountId}:project/${name}-*`),
        statements: recordPolicy(args, where.releaseBucketArn, logs.arn),
    }, parent);
    const project = new aws.codebuild.Project(name, {
        description: "Marks the image that was deployed and empties the CDN's cache",
        serviceRole: role.arn,
        source: { type: "CODEPIPELINE", buildspec: args.buildspec },
        artifacts: { type: "CODEPIPELINE" },
        environment: {
            type: "LINUX_CONTAINER",
            computeType: "BUILD_GENERAL1_SMALL",
            image: "aws/codebuild/amazonlinux-x86_64-standard:5.0",
            environmentVariables: variables({
                GAPLESS_REPOSITORY_NAME: args.repositoryName, GAPLESS_REPOSITORY: args.repositoryUrl, GAPLESS_DISTRIBUTION: args.distributionId,
            }),
        },
        logsConfig: { cloudwatchLogs: { groupName: logs.name } },
        // Minutes; it takes seconds, and releases behind this one wait for it.
        buildTimeout: 10,
    }, { parent });
    return { project, policy };
}

function variables(values: Readonly<Record<string, pulumi.Input<string> | undefined>>) {
    return Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
}

function recordPolicy(
    { repositoryArn, distributionArn }: RecordArgs, releaseBucketArn: pulumi.Input<string>, logGroupArn: pulumi.Input<string>,
): readonly Statement[] {
    const statements: readonly (Statement | false)[] = [
        { Effect: "Allow", Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource: pulumi.interpolate`${logGroupArn}:*` },
        // The pipeline's copies, `<its name, cut short>/<artifact>/…`; the releases themselves are none of its business.
        { Effect: "Allow", Action: ["s3:GetObject", "s3:GetObjectVersion"], Resource: pulumi.interpolate`${releaseBucketArn}/*/${release}/*` },
        repositoryArn !== undefined && { Effect: "Allow", Action: ["ecr:BatchGetImage", "ecr:PutImage"], Resource: repositoryArn },
        distributionArn !== undefined && { Effect: "Allow", Action: "cloudfront:CreateInvalidation", Resource: distributionArn },
    ];
    return statements.filter(statement => statement !== false);
}
