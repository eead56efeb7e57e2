import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Account, accountOf } from "./account";
import { check } from "./check";

export interface NotificationsArgs {
    /** Address that gets everything by e-mail, once whoever reads there has confirmed it. @default nobody: others may subscribe */
    readonly email?: string;
}

/** Where operators are told what needs them: alarms, deployments that failed, approvals that are awaited. */
export class Notifications extends pulumi.ComponentResource {
    /** Topic to publish to. CodeDeploy and CodePipeline do so with their roles, which need `sns:Publish`; alarms and rules are let in here. */
    readonly topicArn: pulumi.Output<string>;

    constructor(name: string, args: NotificationsArgs = {}, opts?: pulumi.ComponentResourceOptions) {
        super("gapless:index:Notifications", name, args, opts);
        const { email } = args;
        check(this, `Notifications '${name}'`, [
            email !== undefined && !/^[^\s@]+@[^\s@]+$/.test(email) && `email must be an address such as ops@example.com, got '${email}'`,
        ]);
        const parent = { parent: this };

        // Without a KMS key: alarms cannot use AWS's own, whose policy nobody can change, and a key of our own would be paid for to
        // hide names of alarms and pipelines. https://repost.aws/knowledge-center/cloudwatch-configure-alarm-sns
        const topic = new aws.sns.Topic(`${name}-topic`, {}, parent);
        const policy = new aws.sns.TopicPolicy(`${name}-policy`, { arn: topic.arn, policy: topicPolicy(topic.arn, accountOf(this)) }, parent);
        if (email !== undefined) new aws.sns.TopicSubscription(`${name}-email`, { topic: topic.arn, protocol: "email", endpoint: email }, parent);

        // Through the policy, so that whoever names the topic may also use it: an approval asks at once.
        this.topicArn = pulumi.all([topic.arn, policy.id]).apply(([arn]) => arn);
        this.registerOutputs({ topicArn: this.topicArn });
    }
}

function topicPolicy(topicArn: pulumi.Output<string>, { partition, region, accountId }: Account): pulumi.Output<string> {
    const publish = { Action: "sns:Publish", Resource: topicArn };
    const ours = { StringEquals: { "aws:SourceAccount": accountId } };
    return pulumi.jsonStringify({
        Version: "2012-10-17",
        Statement: [
            {
                ...publish,
                Effect: "Allow",
                Principal: { Service: "cloudwatch.amazonaws.com" },
                Condition: { ...ours, ArnLike: { "aws:SourceArn": pulumi.interpolate`arn:${partition}:cloudwatch:${region}:${accountId}:alarm:*` } },
            },
            // No condition: to SNS EventBridge tells nothing of its rule, and every notice would be lost without a word.
            // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
            { ...publish, Effect: "Allow", Principal: { Service: "events.amazonaws.com" } },
            { ...publish, Effect: "Deny", Principal: "*", Condition: { Bool: { "aws:SecureTransport": "false" } } },
        ],
    });
}
