import * as pulumi from "@pulumi/pulumi";
import type { Account } from "./account";
import type { Statement } from "./role";

export interface InstancePolicyArgs {
    readonly account: Account;
    readonly releaseBucketArn: pulumi.Input<string>;
    readonly repositoryArns: pulumi.Input<pulumi.Input<string>[]>;
    readonly logGroupArn: pulumi.Input<string>;
    /** Logical name of the instances' group: the group itself comes later, since it waits for instances that have this policy. */
    readonly groupName: string;
    /** Tags that the group carries and gives to what it launches. @default none */
    readonly launchTags?: Readonly<Record<string, string>>;
}

/** What an instance may do: read releases, pull images, write logs, say that it has booted, and be reached by Session Manager. */
export function instancePolicy({ account, releaseBucketArn, repositoryArns, logGroupArn, groupName, launchTags = {} }: InstancePolicyArgs): readonly Statement[] {
    const { partition, region, accountId } = account;
    return [
        { Effect: "Allow", Action: ["s3:GetObject", "s3:GetObjectVersion"], Resource: pulumi.interpolate`${releaseBucketArn}/*` },
        { Effect: "Allow", Action: "ecr:GetAuthorizationToken", Resource: "*" },
        {
            Effect: "Allow",
            Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            Resource: repositoryArns,
        },
        { Effect: "Allow", Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource: pulumi.interpolate`${logGroupArn}:*` },
        // To find its group, whose name a launch template cannot know; Auto Scaling offers no narrower resource.
        { Effect: "Allow", Action: "autoscaling:DescribeAutoScalingInstances", Resource: "*" },
        {
            Effect: "Allow",
            Action: "autoscaling:CompleteLifecycleAction",
            Resource: pulumi.interpolate`arn:${partition}:autoscaling:${region}:${accountId}:autoScalingGroup:*:autoScalingGroupName/${groupName}-*`,
            // Another stage of the account has a group of the same logical name.
            ...(Object.keys(launchTags).length > 0 && { Condition: { StringEquals: resourceTags(launchTags) } }),
        },
        // Session Manager instead of SSH. Not AmazonSSMManagedInstanceCore, which also reads every parameter of the account.
        {
            Effect: "Allow",
            Action: [
                "ssm:UpdateInstanceInformation", "ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel",
                "ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel",
            ],
            Resource: "*",
        },
    ];
}

function resourceTags(tags: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    return Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:ResourceTag/${key}`, value]));
}
