import * as pulumi from "@pulumi/pulumi";
import type { Colour } from "../release/blue-green/colour";
import { parameterPath } from "../release/stage";
import { journalKey, lockKey } from "../release/store-keys";
import type { Account } from "./account";
import type { Statement } from "./role";

/** A Pulumi stack, below whose names the stage is written down. */
export interface StackNames {
    readonly project: string;
    readonly stack: string;
}

/** CodeDeploy's words for where releases are deployed to. */
export interface Deployments {
    readonly applicationName: pulumi.Input<string>;
    readonly deploymentGroupName: pulumi.Input<string>;
    /** What deployments are made with, be it the group's or another. */
    readonly deploymentConfigName: pulumi.Input<string>;
    /** What a roll from one colour to the other changes; the deployment group above is then blue's. @default none: there is one fleet */
    readonly blueGreen?: RolledColours;
}

/** What holds the weights of the two colours: a listener's default action, or a rule of somebody else's listener. */
export type WeightsHolder = { readonly listenerArn: pulumi.Input<string> } | { readonly ruleArn: pulumi.Input<string> };

/** Two colours, in the words of those who may roll them. */
export interface RolledColours {
    readonly weights: WeightsHolder;
    readonly deploymentGroupNames: Readonly<Record<Colour, pulumi.Input<string>>>;
    readonly autoScalingGroupArns: Readonly<Record<Colour, pulumi.Input<string>>>;
    /** CloudFront distribution that is to ask for everything anew when another release serves. @default none */
    readonly distributionArn?: pulumi.Input<string>;
}

/** May read what the stack has written down about itself. */
export function readStage({ partition, region, accountId }: Account, { project, stack }: StackNames): Statement {
    const path = pulumi.interpolate`arn:${partition}:ssm:${region}:${accountId}:parameter${parameterPath(project, stack)}`;
    // AWS asks for the path itself; with a slash at its end it is another resource.
    return { Effect: "Allow", Action: "ssm:GetParametersByPath", Resource: [path, pulumi.interpolate`${path}/*`] };
}

/** May read releases, what became of them, and who holds the lock. */
export function readReleases(releaseBucketArn: pulumi.Input<string>): readonly Statement[] {
    const object = (key: string) => pulumi.interpolate`${releaseBucketArn}/${key}`;
    return [
        // Without it S3 answers 403 for what is not there, as the journal before the first release, and that may mean anything.
        { Effect: "Allow", Action: "s3:ListBucket", Resource: releaseBucketArn },
        { Effect: "Allow", Action: ["s3:GetObject", "s3:GetObjectVersion"], Resource: object("releases/*.zip") },
        { Effect: "Allow", Action: "s3:GetObject", Resource: [object(journalKey), object(lockKey)] },
    ];
}

export function writeJournal(releaseBucketArn: pulumi.Input<string>): readonly Statement[] {
    return writeUnchanged(pulumi.interpolate`${releaseBucketArn}/${journalKey}`);
}

export function writeLock(releaseBucketArn: pulumi.Input<string>): readonly Statement[] {
    return writeUnchanged(pulumi.interpolate`${releaseBucketArn}/${lockKey}`);
}

/** May write an object only when it is as the writer has read it, or not there: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html */
export function writeUnchanged(object: pulumi.Output<string>): readonly Statement[] {
    return ["s3:if-match", "s3:if-none-match"].map(header => ({
        Effect: "Allow", Action: "s3:PutObject", Resource: object, Condition: { Null: { [header]: "false" } },
    }));
}

/** May follow executions of pipelines and tell which deployment one has made. */
export function watchPipelines(pipelineArns: readonly pulumi.Input<string>[]): Statement {
    return {
        Effect: "Allow",
        Action: [
            "codepipeline:GetPipelineExecution", "codepipeline:GetPipelineState",
            "codepipeline:ListActionExecutions", "codepipeline:ListPipelineExecutions",
        ],
        Resource: pipelineArns,
    };
}

/** May follow deployments to one group, or to one of each colour, tell why one failed, and what became of the fleet. */
export function followDeployments(account: Account, deployments: Deployments): readonly Statement[] {
    const { partition, region, accountId } = account;
    return [
        {
            Effect: "Allow",
            Action: [
                "codedeploy:BatchGetDeployments", "codedeploy:GetDeployment", "codedeploy:GetDeploymentGroup", "codedeploy:ListDeployments",
            ],
            Resource: groupArns(account, deployments),
        },
        // AWS knows no resource for these, and refuses them where one is named.
        {
            Effect: "Allow",
            Action: [
                "autoscaling:DescribeAutoScalingGroups", "autoscaling:DescribeInstanceRefreshes", "codedeploy:BatchGetDeploymentTargets",
                "codedeploy:ListDeploymentTargets", "elasticloadbalancing:DescribeTargetHealth",
            ],
            Resource: "*",
        },
        // For CloudWatch it is all alarms that are looked through, also when names are given.
        { Effect: "Allow", Action: "cloudwatch:DescribeAlarms", Resource: pulumi.interpolate`arn:${partition}:cloudwatch:${region}:${accountId}:alarm:*` },
    ];
}

/** May deploy releases that are there to one group, or to one of each colour, and stop that. */
export function deployDirectly(account: Account, deployments: Deployments): readonly Statement[] {
    const { partition, region, accountId } = account;
    const { applicationName, deploymentConfigName } = deployments;
    const codeDeploy = pulumi.interpolate`arn:${partition}:codedeploy:${region}:${accountId}`;
    return [
        {
            Effect: "Allow",
            Action: ["codedeploy:GetApplicationRevision", "codedeploy:RegisterApplicationRevision"],
            Resource: pulumi.interpolate`${codeDeploy}:application:${applicationName}`,
        },
        { Effect: "Allow", Action: "codedeploy:CreateDeployment", Resource: groupArns(account, deployments) },
        // AWS knows no resource for it, so any deployment may be stopped: https://github.com/awsdocs/aws-codedeploy-user-guide/issues/18
        { Effect: "Allow", Action: "codedeploy:StopDeployment", Resource: "*" },
        {
            Effect: "Allow",
            Action: "codedeploy:GetDeploymentConfig",
            Resource: pulumi.interpolate`${codeDeploy}:deploymentconfig:${deploymentConfigName}`,
        },
    ];
}

/** May empty the cache of the CDN, if there is one. */
export function emptyCache(distributionArn: pulumi.Input<string> | undefined): readonly Statement[] {
    return distributionArn === undefined ? [] : [{ Effect: "Allow", Action: "cloudfront:CreateInvalidation", Resource: distributionArn }];
}

/** Of the one group, or of each colour's. */
export function groupArns(account: Account, deployments: Deployments): pulumi.Output<string> | readonly pulumi.Output<string>[] {
    const { applicationName, blueGreen } = deployments;
    if (blueGreen === undefined) return groupArn(account, deployments);
    return Object.values(blueGreen.deploymentGroupNames).map(deploymentGroupName => groupArn(account, { applicationName, deploymentGroupName }));
}

/** By its names: the group itself may come later. */
export function groupArn(
    { partition, region, accountId }: Account, { applicationName, deploymentGroupName }: Pick<Deployments, "applicationName" | "deploymentGroupName">,
): pulumi.Output<string> {
    return pulumi.interpolate`arn:${partition}:codedeploy:${region}:${accountId}:deploymentgroup:${applicationName}/${deploymentGroupName}`;
}
