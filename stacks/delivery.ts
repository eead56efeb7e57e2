import { readFileSync } from "node:fs";
import type * as pulumi from "@pulumi/pulumi";
import {
    architectureOf, AutoscaledService, BuildPipeline, BuildStore, type CiRole, type ContainerImage, DeployPipeline,
    type DeploymentConfigChoice, type OneFleetArgs, type ReleaseStore, type StackNames, type TaggedFleet, type Tool, type TwoColoursArgs,
} from "../components";
import { parseMinimumHealthyHosts } from "../release/minimum-healthy-hosts";
import { makeCiRole } from "./ci-access";
import type { FrontDoor } from "./front-door";
import { given } from "./given";
import type { ProgramRelease } from "./program-release";
import { required } from "./required";
import type { Settings } from "./settings";
import { noteBuild, noteStage } from "./stage-notes";

/** What the ways of a release lead through and to. */
export interface DeliverySurroundings {
    readonly own: StackNames;
    /** Command line for the pipeline's builds. */
    readonly tool: Tool;
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
    /** Where settings name who takes it. */
    readonly ciRole: CiRole | undefined;
}

export function makeDelivery(settings: Settings, around: DeliverySurroundings, opts: pulumi.ComponentResourceOptions): Delivery {
    const deploy = makeDeployPipeline(settings, around, opts);
    const note = noteStage(settings, { ...around, deploy }, opts);
    // Its first execution starts when it is made, and the build reads there where to publish.
    const build = settings.source === "github" ? makeBuildPipeline(settings, around, { ...opts, dependsOn: [deploy, note] }) : undefined;
    if (build) noteBuild(settings, around.own, build, opts);
    return { deploy, build, ciRole: makeCiRole(settings, { ...around, deploy, build }, opts) };
}

function makeDeployPipeline(settings: Settings, around: DeliverySurroundings, opts: pulumi.ComponentResourceOptions) {
    const { door: { tier }, fleet, store, release, topicArn } = around;
    return new DeployPipeline("web-deploy", {
        deploymentGroupName: settings.stage,
        ...wayOf(settings, around),
        targetGroupName: tier.targetGroupName,
        targetGroupArn: tier.targetGroupArn,
        loadBalancerDimension: tier.loadBalancerDimension,
        targetGroupDimension: tier.targetGroupDimension,
        sharedLoadBalancer: settings.listenerArn !== undefined,
        releaseBucketName: store.bucketName,
        releaseBucketArn: store.bucketArn,
        ...(release && { release: { ...release, onlyFirst: settings.source !== "pulumi" } }),
        approval: settings.approval,
        notificationTopicArn: topicArn,
        p99Seconds: settings.longestRequestSeconds,
    // The instances by name, though the group refers to them: found by tags alone they are in no argument.
    }, { ...opts, dependsOn: [tier, fleet] });
}

/** How a release reaches the hosts: some of the only fleet at a time, or all of the idle one before that serves. */
function wayOf(settings: Settings, around: DeliverySurroundings): OneFleetArgs | TwoColoursArgs {
    const { fleet, door: { tier: { green, weights } } } = around;
    if (!(fleet instanceof AutoscaledService && fleet.green && green && weights)) {
        return { target: fleet.deploymentTarget, deploymentConfig: deploymentConfigOf(settings), record: toolOf("record", settings, around) };
    }
    const { shiftPercents, bakeSeconds } = settings;
    return {
        target: targetOf(fleet),
        blueGreen: {
            target: targetOf(fleet.green),
            targetGroupName: green.targetGroupName,
            targetGroupArn: green.targetGroupArn,
            targetGroupDimension: green.targetGroupDimension,
            weights,
            roll: { ...toolOf("roll", settings, around), shiftPercents, bakeSeconds },
        },
    };
}

function targetOf({ autoScalingGroupName, autoScalingGroupArn }: Pick<AutoscaledService, "autoScalingGroupName" | "autoScalingGroupArn">) {
    return { autoScalingGroupName, autoScalingGroupArn };
}

/** The command line in the pipeline, which records a release that serves or rolls it out: it marks its image, and lets CloudFront ask for its files anew. */
function toolOf(verb: "record" | "roll", { logRetentionDays }: Settings, { own, tool, door: { delivery }, image: { repository } }: DeliverySurroundings) {
    return {
        ...own,
        buildspec: readFileSync(`app-scripts/buildspec.${verb}.yml`, "utf8"),
        tool,
        logRetentionDays,
        ...(repository && { repositoryArn: repository.arn }),
        ...(delivery && { distributionArn: delivery.distributionArn }),
    };
}

function deploymentConfigOf({ deploymentConfig, zoneByZone, zoneMonitorSeconds }: Settings): DeploymentConfigChoice {
    const minimumHealthyHosts = required("deploymentConfig", parseMinimumHealthyHosts(deploymentConfig));
    return { minimumHealthyHosts, ...(zoneByZone && { zones: { monitorSeconds: zoneMonitorSeconds } }) };
}

function makeBuildPipeline(settings: Settings, { own, image, store, topicArn }: DeliverySurroundings, opts: pulumi.ComponentResourceOptions) {
    const { stage, logRetentionDays, deletionProtection, buildCompute: compute, buildTimeoutMinutes: timeoutMinutes } = settings;
    const builds = new BuildStore("web-builds", { forceDestroy: !deletionProtection }, opts);
    return new BuildPipeline("web-build", {
        repository: required("githubRepository", settings.githubRepository),
        architecture: required("instanceType", architectureOf(settings.instanceType)),
        branch: settings.branch,
        paths: settings.triggerPaths,
        ...given("connectionArn", settings.connectionArn),
        buildspec: `app-scripts/buildspec.${stage}.yml`,
        ...own,
        compute,
        timeoutMinutes,
        releaseBucketArn: store.bucketArn,
        buildBucketName: builds.bucketName,
        buildBucketArn: builds.bucketArn,
        ...(image.repository && { repositoryArn: image.repository.arn }),
        ...given("dockerHubSecretArn", settings.dockerHubSecretArn),
        logRetentionDays,
        notificationTopicArn: topicArn,
    }, opts);
}
