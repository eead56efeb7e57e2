import * as pulumi from "@pulumi/pulumi";
import { coloursKey, journalKey, lockKey } from "../release/store-keys";
import type { Account } from "./account";
import type { DeploymentTarget } from "./deployment-target";
import type { Statement } from "./role";
import type { Deployments } from "./stage-policies";

export interface CodeDeployPolicyArgs {
    /** The fleets, all of one kind. */
    readonly targets: readonly DeploymentTarget[];
    /** Target groups that their instances leave and join. Without one of them no instance that scaling launches gets a release. */
    readonly targetGroupArns: readonly pulumi.Input<string>[];
    /** Topic that CodeDeploy tells of failures; undefined for none. */
    readonly notificationTopicArn: pulumi.Input<string> | undefined;
}

/** The in-place part of AWSCodeDeployRole, which beyond it may terminate any instance and delete any group of the account. */
export function codeDeployPolicy({ targets, targetGroupArns, notificationTopicArn }: CodeDeployPolicyArgs): readonly Statement[] {
    const groupArns = targets.flatMap(target => ("autoScalingGroupArn" in target ? [target.autoScalingGroupArn] : []));
    const statements: readonly (Statement | false)[] = [
        {
            Effect: "Allow",
            // EC2, Auto Scaling and load balancing know no resources when they are read.
            Action: [
                "autoscaling:DescribeAutoScalingGroups", "autoscaling:DescribeLifecycleHooks", "cloudwatch:DescribeAlarms",
                "ec2:DescribeInstances", "ec2:DescribeInstanceStatus", "elasticloadbalancing:DescribeLoadBalancerAttributes",
                "elasticloadbalancing:DescribeLoadBalancers", "elasticloadbalancing:DescribeTargetGroupAttributes",
                "elasticloadbalancing:DescribeTargetGroups", "elasticloadbalancing:DescribeTargetHealth", "tag:GetResources",
            ],
            Resource: "*",
        },
        groupArns[0] !== undefined && {
            Effect: "Allow",
            Action: [
                "autoscaling:CompleteLifecycleAction", "autoscaling:DeleteLifecycleHook",
                "autoscaling:PutLifecycleHook", "autoscaling:RecordLifecycleActionHeartbeat",
            ],
            Resource: oneOrAll(groupArns),
        },
        {
            Effect: "Allow",
            Action: ["elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"],
            Resource: oneOrAll(targetGroupArns),
        },
        notificationTopicArn !== undefined && { Effect: "Allow", Action: "sns:Publish", Resource: notificationTopicArn },
    ];
    return statements.filter(statement => statement !== false);
}

function oneOrAll<T>(all: readonly T[]): T | readonly T[] {
    const [first] = all;
    return first !== undefined && all.length === 1 ? first : all;
}

export interface PipelinePolicyArgs {
    readonly account: Account;
    readonly releaseBucketArn: pulumi.Input<string>;
    /** Where the pipeline itself deploys to; undefined where a build does. */
    readonly deployments: Deployments | undefined;
    /** Project that the pipeline runs. */
    readonly projectArn: pulumi.Input<string>;
    /** Topic at which the pipeline asks for approval; undefined for none. */
    readonly approvalTopicArn: pulumi.Input<string> | undefined;
}

/** What the pipeline may do: read the trigger, keep its own copies, ask for approval, deploy to one group, build. What others keep there it may not overwrite. */
export function pipelinePolicy({ account, releaseBucketArn, deployments, projectArn, approvalTopicArn }: PipelinePolicyArgs): readonly Statement[] {
    const Condition = { StringEquals: { "aws:ResourceAccount": account.accountId } };
    return [
        { Effect: "Allow", Action: ["s3:GetBucketAcl", "s3:GetBucketLocation", "s3:GetBucketVersioning"], Resource: releaseBucketArn, Condition },
        {
            Effect: "Allow",
            Action: [
                "s3:GetObject", "s3:GetObjectTagging", "s3:GetObjectVersion", "s3:GetObjectVersionTagging",
                "s3:PutObject", "s3:PutObjectAcl", "s3:PutObjectTagging",
            ],
            Resource: pulumi.interpolate`${releaseBucketArn}/*`,
            Condition,
        },
        {
            Effect: "Deny",
            Action: ["s3:PutObject", "s3:PutObjectAcl", "s3:PutObjectTagging"],
            Resource: ["releases/*", "tools/*", journalKey, lockKey, ...(deployments ? [] : [coloursKey])].map(key => pulumi.interpolate`${releaseBucketArn}/${key}`),
        },
        ...(deployments ? deployToGroup(account, deployments) : []),
        ...(approvalTopicArn === undefined ? [] : [{ Effect: "Allow" as const, Action: "sns:Publish", Resource: approvalTopicArn }]),
        { Effect: "Allow", Action: ["codebuild:BatchGetBuilds", "codebuild:StartBuild"], Resource: projectArn },
    ];
}

function deployToGroup({ partition, region, accountId }: Account, { applicationName, deploymentGroupName, deploymentConfigName }: Deployments): readonly Statement[] {
    const codeDeploy = pulumi.interpolate`arn:${partition}:codedeploy:${region}:${accountId}`;
    return [
        {
            Effect: "Allow",
            Action: ["codedeploy:GetApplication", "codedeploy:GetApplicationRevision", "codedeploy:RegisterApplicationRevision"],
            Resource: pulumi.interpolate`${codeDeploy}:application:${applicationName}`,
        },
        {
            Effect: "Allow",
            Action: ["codedeploy:CreateDeployment", "codedeploy:GetDeployment"],
            Resource: pulumi.interpolate`${codeDeploy}:deploymentgroup:${applicationName}/${deploymentGroupName}`,
        },
        {
            Effect: "Allow",
            Action: "codedeploy:GetDeploymentConfig",
            Resource: pulumi.interpolate`${codeDeploy}:deploymentconfig:${deploymentConfigName}`,
        },
    ];
}
