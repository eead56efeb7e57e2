import * as aws from "@pulumi/aws";
import {
    type Architecture, architectureOf, type BuildPipelineArgs,
    AutoscaledService, type AutoscaledServiceArgs, ContainerImage, DeployPipeline, type HostArgs,
    LoadBalancedTier, type LoadBalancedTierArgs, ReleaseStore, type TaggedFleetArgs, type Tool,
} from "../../components";
import type { DeployPipelineCommonArgs, OneFleetArgs } from "../../components/deploy-pipeline-args";

export const tierArgs: LoadBalancedTierArgs = {
    vpcId: "vpc-1", subnetIds: ["subnet-a", "subnet-b"], healthPath: "/health",
};

const hostArgs: HostArgs & Pick<TaggedFleetArgs, "subnetIds"> = {
    vpcId: "vpc-1",
    subnetIds: ["subnet-a", "subnet-b"],
    targetGroupArn: "arn:aws:elasticloadbalancing:eu-central-1:111122223333:targetgroup/web/1",
    loadBalancerSecurityGroupId: "sg-alb",
    releaseBucketName: "releases-1",
    releaseBucketArn: "arn:aws:s3:::releases-1",
    repositoryArns: ["arn:aws:ecr:eu-central-1:111122223333:repository/web"],
    registry: "111122223333.dkr.ecr.eu-central-1.amazonaws.com",
    bootScript: "#!/bin/bash\necho boot\n",
    compose: {
        version: "2.40.3", url: { x86_64: "https://example.com/compose-x86_64", aarch64: "https://example.com/compose-aarch64" }, sha256: { x86_64: "aa".repeat(32), aarch64: "bb".repeat(32) },
    },
    codeDeployAgentVersion: "1.8.1-26",
};

export const serviceArgs: AutoscaledServiceArgs = { ...hostArgs, loadBalancerDimension: "app/web/2", targetGroupDimension: "targetgroup/web/1" };

export const taggedArgs: TaggedFleetArgs = { ...hostArgs, launchTags: { project: "shop", stage: "dev" } };

/** With a connection of its own, and its images elsewhere than in ECR. */
export const buildArgs: BuildPipelineArgs = {
    repository: "acme/shop",
    branch: "main",
    buildspec: "app-scripts/buildspec.dev.yml",
    architecture: architectureOf("t3.small") as Architecture,
    project: "shop",
    stack: "dev-eu",
    releaseBucketArn: "arn:aws:s3:::releases-1",
    buildBucketName: "builds-1",
    buildBucketArn: "arn:aws:s3:::builds-1",
};

export const tool: Tool = { file: "gapless.mjs", sha256: "0123456789abcdef".repeat(4) };

export const pipelineArgs: DeployPipelineCommonArgs & OneFleetArgs = {
    deploymentGroupName: "dev",
    target: {
        autoScalingGroupName: "hosts-1",
        autoScalingGroupArn: "arn:aws:autoscaling:eu-central-1:111122223333:autoScalingGroup:uuid:autoScalingGroupName/hosts-1",
    },
    targetGroupName: "web-1",
    targetGroupArn: "arn:aws:elasticloadbalancing:eu-central-1:111122223333:targetgroup/web-1/1",
    loadBalancerDimension: "app/web/2",
    targetGroupDimension: "targetgroup/web-1/1",
    releaseBucketName: "releases-1",
    releaseBucketArn: "arn:aws:s3:::releases-1",
    record: { project: "shop", stack: "dev-eu", buildspec: "version: 0.2", tool },
    release: { version: "0123456789ab", zip: "emlw" },
};

/**
 * The components of a plain stack, joined as it joins them. The network's routes and the migration are named in `dependsOn` alone: who waits
 * for them was told to.
 */
export function buildAll(): void {
    const vpc = new aws.ec2.Vpc("vpc", { cidrBlock: "10.0.0.0/16" });
    const routes = new aws.ec2.InternetGateway("routes", { vpcId: vpc.id });
    const migration = new aws.ssm.Parameter("migration", { type: "String", value: "done" });
    const image = new ContainerImage("image", {
        source: { context: "app", dockerfile: "app/Dockerfile.prod", platform: "linux/amd64", contentHash: "0123456789abcdef" },
    });
    const store = new ReleaseStore("store");
    const tier = new LoadBalancedTier("web", { ...tierArgs, vpcId: vpc.id }, { dependsOn: routes });
    const hosts = new AutoscaledService("hosts", {
        ...serviceArgs,
        vpcId: vpc.id,
        targetGroupArn: tier.targetGroupArn,
        loadBalancerSecurityGroupId: tier.securityGroupId,
        loadBalancerDimension: tier.loadBalancerDimension,
        targetGroupDimension: tier.targetGroupDimension,
        releaseBucketName: store.bucketName,
        releaseBucketArn: store.bucketArn,
        repositoryArns: image.repositoryArns,
        registry: image.registry,
    }, { dependsOn: [routes, tier] });
    new DeployPipeline("deploy", {
        ...pipelineArgs,
        target: { autoScalingGroupName: hosts.autoScalingGroupName, autoScalingGroupArn: hosts.autoScalingGroupArn },
        targetGroupName: tier.targetGroupName,
        targetGroupArn: tier.targetGroupArn,
        loadBalancerDimension: tier.loadBalancerDimension,
        targetGroupDimension: tier.targetGroupDimension,
        releaseBucketName: store.bucketName,
        releaseBucketArn: store.bucketArn,
    }, { dependsOn: [tier, hosts, migration] });
}
