import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import {
    type Architecture, architectureOf, AutoscaledService, ContainerImage, DeployPipeline, type ImageSource, LoadBalancedTier, ReleaseStore,
} from "../components";
import { makeRelease, readReleaseScripts, type ReleaseFile, zipRelease } from "../release/bundle";
import { ReleaseError } from "../release/error";
import { readHostTools } from "./host-tools";
import { contentHash } from "./image-content";
import { makeNetwork } from "./network";
import type { Settings } from "./settings";
import { tagging } from "./tagging";

/** What a stack tells its operator. */
export interface Outputs {
    /** Address of the service. */
    readonly url: pulumi.Output<string>;
    /** What a DNS record of the service's name must lead to. */
    readonly loadBalancerDnsName: pulumi.Output<string>;
    /** The image of the release, `repository@sha256:…`. */
    readonly imageDigest: pulumi.Output<string>;
    readonly releaseVersion: pulumi.Output<string>;
    /** Key of the release in the release bucket. */
    readonly releaseKey: pulumi.Output<string>;
    /** Version of that object, which names these very bytes. */
    readonly releaseObjectVersion: pulumi.Output<string>;
    readonly releaseBucket: pulumi.Output<string>;
    readonly pipeline: pulumi.Output<string>;
    readonly codeDeployApplication: pulumi.Output<string>;
    readonly deploymentGroup: pulumi.Output<string>;
    readonly autoScalingGroup: pulumi.Output<string>;
    readonly targetGroup: pulumi.Output<string>;
    readonly logGroup: pulumi.Output<string>;
    readonly repository: pulumi.Output<string>;
}

/** A service on EC2 behind a load balancer, and the pipeline that releases it without losing a request. */
export function buildWeb(project: string, settings: Settings): Outputs {
    const tags = { project, stage: settings.stage };
    const opts: pulumi.ComponentResourceOptions = { transformations: [tagging(tags)] };
    const { healthPath, keepReleases, deletionProtection, logRetentionDays } = settings;

    const network = makeNetwork("network", settings, tags);
    const image = new ContainerImage("web-image", { source: imageSource(settings), keepReleases, forceDelete: !deletionProtection }, opts);
    const store = new ReleaseStore("web-releases", { forceDestroy: !deletionProtection }, opts);
    const release = makeReleaseOf(image.reference, settings);

    const tier = new LoadBalancedTier("web", {
        vpcId: network.vpcId,
        subnetIds: network.publicSubnetIds,
        healthPath,
        ...given("certificateArn", settings.certificateArn),
        ...given("domainName", settings.domainName),
        drainSeconds: settings.drainSeconds,
        healthIntervalSeconds: settings.healthIntervalSeconds,
        healthTimeoutSeconds: settings.healthTimeoutSeconds,
        idleTimeoutSeconds: settings.idleTimeoutSeconds,
        deletionProtection,
    }, { ...opts, dependsOn: network.vpc });

    const hosts = new AutoscaledService("web-hosts", {
        vpcId: network.vpcId,
        subnetIds: network.hostSubnetIds,
        targetGroupArn: tier.targetGroupArn,
        loadBalancerSecurityGroupId: tier.securityGroupId,
        loadBalancerDimension: tier.loadBalancerDimension,
        targetGroupDimension: tier.targetGroupDimension,
        releaseBucketName: store.bucketName,
        releaseBucketArn: store.bucketArn,
        repositoryArns: image.repositoryArns,
        registry: image.registry,
        bootScript: readFileSync("app-scripts/instance-boot.sh", "utf8"),
        ...readHostTools("app-scripts/versions.json"),
        instanceType: settings.instanceType,
        ...given("amiId", settings.amiId),
        minSize: settings.minSize,
        maxSize: settings.maxSize,
        rootVolumeGiB: settings.rootVolumeGiB,
        swapGiB: settings.swapGiB,
        containersUseInstanceRole: settings.containersUseInstanceRole,
        requestsPerTarget: settings.requestsPerTarget,
        logRetentionDays,
        deletionProtection,
        launchTags: tags,
    }, { ...opts, dependsOn: [network.vpc, tier] });

    const pipeline = new DeployPipeline("web-deploy", {
        deploymentGroupName: settings.stage,
        autoScalingGroupName: hosts.autoScalingGroupName,
        autoScalingGroupArn: hosts.autoScalingGroupArn,
        targetGroupName: tier.targetGroupName,
        targetGroupArn: tier.targetGroupArn,
        loadBalancerDimension: tier.loadBalancerDimension,
        targetGroupDimension: tier.targetGroupDimension,
        releaseBucketName: store.bucketName,
        releaseBucketArn: store.bucketArn,
        releaseVersion: release.version,
        releaseZip: release.zip,
        p99Seconds: settings.longestRequestSeconds,
    }, opts);

    return {
        url: tier.url,
        loadBalancerDnsName: tier.loadBalancerDnsName,
        imageDigest: image.reference,
        releaseVersion: release.version,
        releaseKey: pipeline.releaseKey,
        releaseObjectVersion: pipeline.releaseObjectVersion,
        releaseBucket: store.bucketName,
        pipeline: pipeline.pipelineName,
        codeDeployApplication: pipeline.applicationName,
        deploymentGroup: pipeline.deploymentGroupName,
        autoScalingGroup: hosts.autoScalingGroupName,
        targetGroup: tier.targetGroupName,
        logGroup: hosts.logGroupName,
        repository: image.repository.repositoryUrl,
    };
}

function imageSource({ imageDigest, imageContext: context, dockerfile, buildArgs: args, instanceType }: Settings): ImageSource {
    if (imageDigest !== undefined) return { prebuilt: imageDigest };
    // The schema has checked that it is an instance type.
    const { platform } = architectureOf(instanceType) as Architecture;
    return { context, dockerfile, args, platform, contentHash: contentHash({ context, dockerfile, args, platform }) };
}

/** The release of an image whose digest is known only once it is built. */
function makeReleaseOf(image: pulumi.Output<string>, settings: Settings) {
    const { containerPort, healthPath, probePath, healthTimeoutSeconds, stopGraceSeconds, secretEnvironment } = settings;
    const scripts = readScripts("app-scripts");
    const environment = secretEnvironment ? pulumi.secret(settings.environment) : pulumi.output(settings.environment);
    const release = pulumi.all([image, environment]).apply(([image, environment]) => {
        const made = makeRelease(scripts, { image, containerPort, healthPath, probePath, healthTimeoutSeconds, stopGraceSeconds, environment });
        return { version: made.version, zip: Buffer.from(zipRelease(made)).toString("base64") };
    });
    // The version is a hash and names public things, also when the environment in it is secret.
    return { version: pulumi.unsecret(release.version), zip: release.zip };
}

/** The hook scripts; one that cannot work is the user's to mend, so it is told as one line and not as a crash of the program. */
function readScripts(folder: string): readonly ReleaseFile[] {
    try {
        return readReleaseScripts(folder);
    } catch (error) {
        throw error instanceof ReleaseError ? new pulumi.RunError(error.message) : error;
    }
}

/** An optional argument, absent without a value. */
function given<Key extends string, Value>(key: Key, value: Value | undefined): { readonly [K in Key]?: Value } {
    return value === undefined ? {} : ({ [key]: value } as { readonly [K in Key]?: Value });
}
