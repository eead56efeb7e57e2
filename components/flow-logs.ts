import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { accountOf } from "./account";
import { makeRole, onBehalfOf, type Statement } from "./role";

export interface FlowLogsArgs {
    /** Network whose traffic is logged. */
    readonly vpcId: pulumi.Input<string>;
    /** Days that the log is kept. @default 365 */
    readonly retentionDays?: number;
}

/**
 * Remembers what a network refused: who knocks at closed ports, and which rule is missing when something cannot be reached.
 * Accepted traffic is not logged. It is many times as much, each gigabyte is paid for, and what clients asked stands in the load
 * balancer's access log. The CIS AWS Foundations Benchmark asks for refused packets, too.
 */
export class FlowLogs extends pulumi.ComponentResource {
    readonly logGroupName: pulumi.Output<string>;

    constructor(name: string, args: FlowLogsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("gapless:index:FlowLogs", name, args, opts);
        const { vpcId, retentionDays = 365 } = args;
        const parent = { parent: this };
        const account = accountOf(this);
        const logs = new aws.cloudwatch.LogGroup(`${name}-group`, { retentionInDays: retentionDays }, parent);
        const { role, policy } = makeRole(name, {
            service: "vpc-flow-logs.amazonaws.com",
            when: onBehalfOf(account, pulumi.interpolate`arn:${account.partition}:ec2:${account.region}:${account.accountId}:vpc-flow-log/*`),
            statements: deliveryPolicy(logs.arn),
        }, this);
        new aws.ec2.FlowLog(`${name}-refused`, {
            vpcId, trafficType: "REJECT", logDestinationType: "cloud-watch-logs", logDestination: logs.arn, iamRoleArn: role.arn,
        }, { ...parent, dependsOn: policy });

        this.logGroupName = logs.name;
        this.registerOutputs({ logGroupName: this.logGroupName });
    }
}

/**
 * What AWS lists for the role, but for `logs:CreateLogGroup`: a group that somebody deleted would come back and keep everything.
 * https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
 */
function deliveryPolicy(logGroupArn: pulumi.Output<string>): readonly Statement[] {
    return [
        {
            Effect: "Allow",
            Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            Resource: [logGroupArn, pulumi.interpolate`${logGroupArn}:*`],
        },
        // AWS knows no resource for it.
        { Effect: "Allow", Action: "logs:DescribeLogGroups", Resource: "*" },
    ];
}
