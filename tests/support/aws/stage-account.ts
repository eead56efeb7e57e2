import { AutoScalingClient, CreateAutoScalingGroupCommand, DescribeAutoScalingGroupsCommand } from "@aws-sdk/client-auto-scaling";
import { CloudWatchClient, PutMetricAlarmCommand } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient, CreateLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateLaunchTemplateCommand, CreateSubnetCommand, CreateVpcCommand, EC2Client } from "@aws-sdk/client-ec2";
import { CreateRepositoryCommand, ECRClient } from "@aws-sdk/client-ecr";
import {
    CreateLoadBalancerCommand, CreateTargetGroupCommand, ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { CreateBucketCommand, PutBucketVersioningCommand, S3Client } from "@aws-sdk/client-s3";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import type { StageParameter } from "../../../release/stage";
import { type DoubleAccess, region } from "./double-access";
import { uniqueName } from "./moto";

export interface AccountArgs {
    /** Of everything, `<project>-<stack>`. */
    readonly name: string;
    readonly accountId: string;
    readonly instances: number;
}

type Placed = Pick<StageParameter, "url" | "fleet" | "architecture" | "releaseBucket" | "repository" | "alarms" | "targetGroupArn" | "logGroup" | "keepReleases">;

/** What a stack has outside CodeDeploy and CodePipeline. */
export interface StageAccount {
    readonly parameter: Placed;
    readonly autoScalingGroup: string;
    readonly targetGroup: string;
    readonly instanceIds: readonly string[];
    putParameter(name: string, value: string): Promise<void>;
}

export async function makeAccount(access: DoubleAccess, { name, instances }: AccountArgs): Promise<StageAccount> {
    const [releaseBucket, repository, logGroup, alarms, fleet] = await Promise.all([
        makeBucket(access, name), makeRepository(access, name), makeLogGroup(access, name), makeAlarms(access, name), makeFleet(access, name, instances),
    ]);
    const ssm = new SSMClient(access);
    return {
        parameter: {
            url: fleet.url, fleet: { autoScalingGroup: name }, architecture: "x86_64", releaseBucket, repository, alarms,
            targetGroupArn: fleet.targetGroupArn, logGroup, keepReleases: 10,
        },
        autoScalingGroup: name,
        targetGroup: name,
        instanceIds: fleet.instanceIds,
        putParameter: async (parameter, value) => {
            await ssm.send(new PutParameterCommand({ Name: parameter, Value: value, Type: "String", Overwrite: true }));
        },
    };
}

// Buckets are the one thing that accounts share their names of.
async function makeBucket(access: DoubleAccess, name: string): Promise<string> {
    const s3 = new S3Client(access);
    const Bucket = uniqueName(`${name}-releases`);
    await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: region } }));
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
    return Bucket;
}

async function makeRepository(access: DoubleAccess, repositoryName: string): Promise<string> {
    const { repository } = await new ECRClient(access).send(new CreateRepositoryCommand({ repositoryName, imageTagMutability: "IMMUTABLE" }));
    return repository?.repositoryUri ?? "";
}

async function makeLogGroup(access: DoubleAccess, name: string): Promise<string> {
    const logGroupName = `/gapless/${name}`;
    await new CloudWatchLogsClient(access).send(new CreateLogGroupCommand({ logGroupName }));
    return logGroupName;
}

async function makeAlarms(access: DoubleAccess, name: string): Promise<string[]> {
    const client = new CloudWatchClient(access);
    const names = [`${name}-errors`, `${name}-latency`];
    for (const AlarmName of names) {
        await client.send(new PutMetricAlarmCommand({
            AlarmName, Namespace: "AWS/ApplicationELB", MetricName: "HTTPCode_Target_5XX_Count", Statistic: "Sum",
            Period: 60, EvaluationPeriods: 1, Threshold: 5, ComparisonOperator: "GreaterThanThreshold", TreatMissingData: "notBreaching",
        }));
    }
    return names;
}

/** Instances that scale, behind a load balancer. */
async function makeFleet(access: DoubleAccess, name: string, instances: number) {
    const network = await makeNetwork(access);
    const balancer = await makeBalancer(access, name, network);
    const ec2 = new EC2Client(access);
    const { LaunchTemplate } = await ec2.send(new CreateLaunchTemplateCommand({
        LaunchTemplateName: name, LaunchTemplateData: { ImageId: "ami-0123456789abcdef0", InstanceType: "t3.micro" },
    }));
    const scaling = new AutoScalingClient(access);
    await scaling.send(new CreateAutoScalingGroupCommand({
        AutoScalingGroupName: name, MinSize: instances, MaxSize: instances, DesiredCapacity: instances,
        LaunchTemplate: { LaunchTemplateId: LaunchTemplate?.LaunchTemplateId, Version: "1" },
        VPCZoneIdentifier: network.subnets.join(","), TargetGroupARNs: [balancer.targetGroupArn],
    }));
    const { AutoScalingGroups = [] } = await scaling.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }));
    const instanceIds = (AutoScalingGroups[0]?.Instances ?? []).map(({ InstanceId = "" }) => InstanceId);
    return { ...balancer, instanceIds };
}

async function makeNetwork(access: DoubleAccess): Promise<{ readonly vpcId: string; readonly subnets: readonly string[] }> {
    const ec2 = new EC2Client(access);
    const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }));
    const subnets = await Promise.all(["a", "b"].map(async (zone, index) => {
        const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId: Vpc?.VpcId, CidrBlock: `10.0.${index}.0/24`, AvailabilityZone: region + zone }));
        return Subnet?.SubnetId ?? "";
    }));
    return { vpcId: Vpc?.VpcId ?? "", subnets };
}

async function makeBalancer(access: DoubleAccess, name: string, { vpcId, subnets }: { readonly vpcId: string; readonly subnets: readonly string[] }) {
    const elb = new ElasticLoadBalancingV2Client(access);
    const { TargetGroups } = await elb.send(new CreateTargetGroupCommand({ Name: name, Protocol: "HTTP", Port: 80, VpcId: vpcId, TargetType: "instance" }));
    const { LoadBalancers } = await elb.send(new CreateLoadBalancerCommand({ Name: name, Subnets: [...subnets], Type: "application" }));
    return { targetGroupArn: TargetGroups?.[0]?.TargetGroupArn ?? "", url: `http://${LoadBalancers?.[0]?.DNSName ?? ""}` };
}
