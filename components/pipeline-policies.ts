import * as pulumi from "@pulumi/pulumi";
import { journalKey, lockKey } from "../release/store-keys";
import type { Account } from "./account";
import type { DeploymentTarget } from "./deployment-target";
import type { Statement } from "./role";

export interface CodeDeployPolicyArgs {
    readonly target: DeploymentTarget;
    readonly targetGroupArn: pulumi.Input<string>;
    /** Topic that CodeDeploy tells of failures; undefined for none. */
    readonly notificationTopicArn: pulumi.Input<string> | undefined;
}

/** The in-place part of AWSCodeDeployRole, which beyond it may terminate any instance and delete any group of the account. */
export function codeDeployPolicy({ target, targetGroupArn, notificationTopicArn }: CodeDeployPolicyArgs): readonly Statement[] {
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
        "autoScalingGroupArn" in target && {
            Effect: "Allow",
            Action: [
                "autoscaling:CompleteLifecycleAction", "autoscaling:DeleteLifecycleHook",
                "autoscaling:PutLifecycleHook", "autoscaling:RecordLifecycleActionHeartbeat",
            ],
            Resource: target.autoScalingGroupArn,
        },
        {
            Effect: "Allow",
            Action: ["elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"],
            Resource: targetGroupArn,
        },
        notificationTopicArn !== undefined && { Effect: "Allow", Action: "sns:Publish", Resource: notificationTopicArn },
    ];
    return statements.filter(statement => statement !== false);
}

export interface PipelinePolicyArgs {
    readonly account: Account;
    readonly releaseBucketArn: pulumi.Input<string>;
    readonly applicationName: pulumi.Input<string>;
    readonly deploymentGroupName: string;
    readonly deploymentConfigName: pulumi.Input<string>;
    /** Project that the pipeline runs when a release serves. */
    readonly recordProjectArn: pulumi.Input<string>;
    /** Topic at which the pipeline asks for approval; undefined for none. */
    readonly approvalTopicArn: pulumi.Input<string> | undefined;
}

/** What the pipeline may do: read the trigger, keep its own copies, ask for approval, deploy to one group, record. What others keep there it may not overwrite. */
export function pipelinePolicy(args: PipelinePolicyArgs): readonly Statement[] {
    const { account, releaseBucketArn, applicationName, deploymentGroupName, deploymentConfigName, recordProjectArn, approvalTopicArn } = args;
    const codeDeploy = pulumi.interpolate`arn:${account.partition}:codedeploy:${account.region}:${account.accountId}`;
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
            Resource: ["releases/*", "tools/*", journalKey, lockKey].map(key => pulumi.interpolate`${releaseBucketArn}/${key}`),
        },
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
        ...(approvalTopicArn === undefined ? [] : [{ Effect: "Allow" as const, Action: "sns:Publish", Resource: approvalTopicArn }]),
        { Effect: "Allow", Action: ["codebuild:BatchGetBuilds", "codebuild:StartBuild"], Resource: recordProjectArn },
    ];
}
