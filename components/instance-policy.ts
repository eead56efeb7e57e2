import * as pulumi from "@pulumi/pulumi";
import type { Account } from "./account";
import type { Statement } from "./role";

export interface InstancePolicyArgs {
    readonly account: Account;
    readonly releaseBucketArn: pulumi.Input<string>;
    readonly repositoryArns: pulumi.Input<pulumi.Input<string>[]>;
    readonly logGroupArn: pulumi.Input<string>;
    /**
     * Logical name of the instances' Auto Scaling group, which itself comes later: it waits for instances that have this policy.
     * Undefined when they have none and Systems Manager asks them whether they have booted.
     */
    readonly groupName: string | undefined;
    /** Tags that the group carries and gives to what it launches. @default none */
    readonly launchTags?: Readonly<Record<string, string>>;
    /** Secret with the account at Docker Hub. @default none */
    readonly dockerHubSecretArn?: pulumi.Input<string>;
    /** Whether the CodeDeploy agent talks to the endpoint that asks IAM. @default false */
    readonly throughEndpoints?: boolean;
}

/** What an instance may do: read releases, pull images, write logs and its disk's metric, say that it has booted, and be reached by Session Manager. */
export function instancePolicy(args: InstancePolicyArgs): readonly Statement[] {
    const { account, releaseBucketArn, repositoryArns, logGroupArn, groupName, launchTags = {}, dockerHubSecretArn, throughEndpoints = false } = args;
    return [
        { Effect: "Allow", Action: ["s3:GetObject", "s3:GetObjectVersion"], Resource: pulumi.interpolate`${releaseBucketArn}/*` },
        // The token is for all of ECR, which is no resource to IAM. Without a repository, as with Docker Hub, nobody asks for one.
        { Effect: "Allow", Action: "ecr:GetAuthorizationToken", Resource: pulumi.output(repositoryArns).apply(arns => (arns.length > 0 ? ["*"] : [])) },
        {
            Effect: "Allow",
            Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            Resource: repositoryArns,
        },
        { Effect: "Allow", Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource: pulumi.interpolate`${logGroupArn}:*` },
        // CloudWatch knows no resource for metrics, only their namespace.
        { Effect: "Allow", Action: "cloudwatch:PutMetricData", Resource: "*", Condition: { StringEquals: { "cloudwatch:namespace": "Gapless" } } },
        ...(groupName === undefined ? answerStateManager(account) : reportToGroup(account, groupName, launchTags)),
        // Session Manager instead of SSH. Not AmazonSSMManagedInstanceCore, which also reads every parameter of the account.
        {
            Effect: "Allow",
            Action: [
                "ssm:UpdateInstanceInformation", "ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel",
                "ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel",
            ],
            Resource: "*",
        },
        ...(dockerHubSecretArn === undefined ? [] : [
            { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: dockerHubSecretArn } as const,
        ]),
        ...(throughEndpoints ? [pollThroughEndpoint] : []),
    ];
}

/** To say at the launch hook that the instance has booted. */
function reportToGroup({ partition, region, accountId }: Account, groupName: string, launchTags: Readonly<Record<string, string>>): readonly Statement[] {
    return [
        // To find its group, whose name a launch template cannot know; Auto Scaling offers no narrower resource.
        { Effect: "Allow", Action: "autoscaling:DescribeAutoScalingInstances", Resource: "*" },
        {
            Effect: "Allow",
            Action: "autoscaling:CompleteLifecycleAction",
            Resource: pulumi.interpolate`arn:${partition}:autoscaling:${region}:${accountId}:autoScalingGroup:*:autoScalingGroupName/${groupName}-*`,
            // Another stage of the account has a group of the same logical name.
            ...(Object.keys(launchTags).length > 0 && { Condition: { StringEquals: resourceTags(launchTags) } }),
        },
    ];
}

/** To run State Manager's one question, whether the instance has booted, and to send the answer. */
function answerStateManager({ partition, region, accountId }: Account): readonly Statement[] {
    return [
        {
            Effect: "Allow",
            Action: ["ssm:DescribeAssociation", "ssm:ListInstanceAssociations", "ssm:UpdateInstanceAssociationStatus"],
            // Neither the instance's id nor the association's is known before there is an instance, and tags do not tell them apart: State
            // Manager asks IAM about what a request names and looks at none of its properties.
            // https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-state-manager-iam.html
            Resource: ["ec2", "ssm"].map(service =>
                pulumi.interpolate`arn:${partition}:${service}:${region}:${accountId}:${service === "ec2" ? "instance" : "association"}/*`),
        },
        { Effect: "Allow", Action: "ssm:GetDocument", Resource: pulumi.interpolate`arn:${partition}:ssm:${region}::document/AWS-RunShellScript` },
    ];
}

/** The four calls of the agent; AWS knows no resource for them. https://docs.aws.amazon.com/codedeploy/latest/userguide/vpc-endpoints.html */
const pollThroughEndpoint: Statement = {
    Effect: "Allow",
    Action: [
        "codedeploy-commands-secure:GetDeploymentSpecification", "codedeploy-commands-secure:PollHostCommand",
        "codedeploy-commands-secure:PutHostCommandAcknowledgement", "codedeploy-commands-secure:PutHostCommandComplete",
    ],
    Resource: "*",
};

function resourceTags(tags: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    return Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:ResourceTag/${key}`, value]));
}
