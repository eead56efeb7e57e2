import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import {
    architectureOf, type AutoscaledService, BuildPipeline, BuildStore, type CiPrincipal, CiRole, type ContainerImage, DeployPipeline,
    type DeploymentConfigChoice, type ReleaseStore, type TaggedFleet,
} from "../components";
import { parseMinimumHealthyHosts } from "../release/minimum-healthy-hosts";
import type { FrontDoor } from "./front-door";
import { given } from "./given";
import type { ProgramRelease } from "./program-release";
import { required } from "./required";
import type { Settings } from "./settings";

/** What the ways of a release lead through and to. */
export interface DeliverySurroundings {
    readonly door: FrontDoor;
    readonly fleet: AutoscaledService | TaggedFleet;
    readonly image: ContainerImage;
    readonly store: ReleaseStore;
    /** What the program publishes itself; undefined when others bring every release. */
    readonly release: ProgramRelease | undefined;
    readonly topicArn: pulumi.Output<string>;
}

/** How releases come in and reach the instances. */
export interface Delivery {
    readonly deploy: DeployPipeline;
    /** Source github alone. */
    readonly build: BuildPipeline | undefined;
    /** Source s3 alone. */
    readonly ciRole: CiRole | undefined;
}

export function makeDelivery(settings: Settings, around: DeliverySurroundings, opts: pulumi.ComponentResourceOptions): Delivery {
    const deploy = makeDeployPipeline(settings, around, opts);
    return {
        deploy,
        build: settings.source === "github" ? makeBuildPipeline(settings, around, { ...opts, dependsOn: deploy }) : undefined,
        ciRole: settings.source === "s3" ? makeCiRole(settings, around, deploy, opts) : undefined,
    };
}

function makeDeployPipeline(settings: Settings, { door, fleet, image, store, release, topicArn }: DeliverySurroundings, opts: pulumi.ComponentResourceOptions) {
    const { tier } = door;
    return new DeployPipeline("web-deploy", {
        deploymentGroupName: settings.stage,
        target: fleet.deploymentTarget,
        targetGroupName: tier.targetGroupName,
        targetGroupArn: tier.targetGroupArn,
        loadBalancerDimension: tier.loadBalancerDimension,
        targetGroupDimension: tier.targetGroupDimension,
        sharedLoadBalancer: settings.listenerArn !== undefined,
        releaseBucketName: store.bucketName,
        releaseBucketArn: store.bucketArn,
        ...(release && { release: { ...release, onlyFirst: settings.source !== "pulumi" } }),
        deploymentConfig: deploymentConfigOf(settings),
        approval: settings.approval,
        ...given("record", recordOf(settings, door, image)),
        notificationTopicArn: topicArn,
        p99Seconds: settings.longestRequestSeconds,
    // The instances by name, though the group refers to them: found by tags alone they are in no argument.
    }, { ...opts, dependsOn: [tier, fleet] });
}

/** What is left to do when a release serves: to keep its image, and to let CloudFront ask for its files anew. */
function recordOf({ logRetentionDays }: Settings, { delivery }: FrontDoor, { repository }: ContainerImage) {
    if (!repository && !delivery) return undefined;
    return {
        buildspec: readFileSync("app-scripts/buildspec.record.yml", "utf8"),
        logRetentionDays,
        ...(repository && { repositoryName: repository.name, repositoryArn: repository.arn, repositoryUrl: repository.repositoryUrl }),
        ...(delivery && { distributionId: delivery.distributionId, distributionArn: delivery.distributionArn }),
    };
}

function deploymentConfigOf({ deploymentConfig, zoneByZone, zoneMonitorSeconds }: Settings): DeploymentConfigChoice {
    const minimumHealthyHosts = required("deploymentConfig", parseMinimumHealthyHosts(deploymentConfig));
    return { minimumHealthyHosts, ...(zoneByZone && { zones: { monitorSeconds: zoneMonitorSeconds } }) };
}

function makeBuildPipeline(settings: Settings, { image, store, topicArn }: DeliverySurroundings, opts: pulumi.ComponentResourceOptions) {
    const { stage, logRetentionDays, deletionProtection, buildCompute: compute, buildTimeoutMinutes: timeoutMinutes } = settings;
    const builds = new BuildStore("web-builds", { forceDestroy: !deletionProtection }, opts);
    return new BuildPipeline("web-build", {
        repository: required("githubRepository", settings.githubRepository),
        architecture: required("instanceType", architectureOf(settings.instanceType)),
        branch: settings.branch,
        paths: settings.triggerPaths,
        ...given("connectionArn", settings.connectionArn),
        buildspec: `app-scripts/buildspec.${stage}.yml`,
        stack: pulumi.getStack(),
        compute,
        timeoutMinutes,
        releaseBucketName: store.bucketName,
        releaseBucketArn: store.bucketArn,
        buildBucketName: builds.bucketName,
        buildBucketArn: builds.bucketArn,
        repositoryUrl: image.repositoryUrl,
        ...(image.repository && { repositoryArn: image.repository.arn }),
        ...given("dockerHubSecretArn", settings.dockerHubSecretArn),
        logRetentionDays,
        notificationTopicArn: topicArn,
    }, opts);
}

function makeCiRole(settings: Settings, { image, store }: DeliverySurroundings, deploy: DeployPipeline, opts: pulumi.ComponentResourceOptions) {
    const { applicationName, deploymentGroupName, deploymentConfigName } = deploy;
    return new CiRole("web-ci", {
        principal: principalOf(settings),
        releaseBucketArn: store.bucketArn,
        ...(image.repository && { repositoryArn: image.repository.arn }),
        pipelineArn: deploy.pipelineArn,
        ...(settings.ciMayDeploy && { deploys: { applicationName, deploymentGroupName, deploymentConfigName } }),
    }, opts);
}

function principalOf({ ciPrincipalArn, ciOidcProviderArn, ciOidcSubject, ciOidcAudience }: Settings): CiPrincipal {
    if (ciPrincipalArn !== undefined) return { arn: ciPrincipalArn };
    return {
        oidcProviderArn: required("ciOidcProviderArn", ciOidcProviderArn), subject: required("ciOidcSubject", ciOidcSubject), audience: ciOidcAudience,
    };
}
