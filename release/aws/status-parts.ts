import { type AutoScalingClient, type AutoScalingGroup, DescribeAutoScalingGroupsCommand, type Instance, type LaunchTemplateSpecification } from "@aws-sdk/client-auto-scaling";
import { type CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { type CodeDeployClient, GetDeploymentGroupCommand, type LastDeploymentInfo } from "@aws-sdk/client-codedeploy";
import { type CodePipelineClient, GetPipelineStateCommand, type StageState } from "@aws-sdk/client-codepipeline";
import { type ECRClient, paginateDescribeImages } from "@aws-sdk/client-ecr";
import { DescribeTargetHealthCommand, type ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { type _Object, paginateListObjectsV2, type S3Client } from "@aws-sdk/client-s3";
import { parseEcr } from "../ecr-repository";
import type { Stage } from "../stage";
import type { Alarm, Fleet, Group, GroupDeployment, PipelineStage, PipelineState, Store, Target } from "../status";
import { triggerKey, versionOfKey } from "../store-keys";
import { nameOfRevision, versionOfRevision } from "./history";

export async function readGroup(codeDeploy: CodeDeployClient, stage: Stage, abortSignal: AbortSignal): Promise<Group> {
    const { deploymentGroupInfo: group = {} } = await codeDeploy.send(new GetDeploymentGroupCommand({
        applicationName: stage.codeDeployApplication, deploymentGroupName: stage.deploymentGroup,
    }), { abortSignal });
    return {
        lastSuccess: lastOf(group.lastSuccessfulDeployment),
        lastAttempt: lastOf(group.lastAttemptedDeployment),
        version: versionOfRevision(group.targetRevision, stage.releaseBucket),
        revision: nameOfRevision(group.targetRevision),
        autoScalingGroups: (group.autoScalingGroups ?? []).flatMap(({ name }) => name ?? []),
    };
}

function lastOf(info: LastDeploymentInfo | undefined): GroupDeployment | undefined {
    const { deploymentId, status = "Unknown", createTime, endTime } = info ?? {};
    if (deploymentId === undefined) return undefined;
    return { deploymentId, status, begunAt: createTime?.toISOString(), at: endTime?.toISOString() };
}

export async function readTargets(loadBalancing: ElasticLoadBalancingV2Client, stage: Stage, abortSignal: AbortSignal): Promise<readonly Target[]> {
    const { TargetHealthDescriptions = [] } = await loadBalancing.send(
        new DescribeTargetHealthCommand({ TargetGroupArn: stage.targetGroupArn }), { abortSignal },
    );
    return TargetHealthDescriptions.map(({ Target, TargetHealth }) => ({
        id: Target?.Id ?? "", health: TargetHealth?.State ?? "unknown", detail: TargetHealth?.Description ?? TargetHealth?.Reason,
    }));
}

export async function readFleet(autoScaling: AutoScalingClient, { fleet }: Stage, abortSignal: AbortSignal): Promise<Fleet> {
    if ("instanceIds" in fleet) return { desired: fleet.instanceIds.length, instances: fleet.instanceIds.map(id => ({ id })) };
    const { AutoScalingGroups: [group] = [] } = await autoScaling.send(
        new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [fleet.autoScalingGroup] }), { abortSignal },
    );
    if (!group) throw new Error(`There is no Auto Scaling group ${fleet.autoScalingGroup}.`);
    return {
        desired: group.DesiredCapacity ?? 0,
        instances: (group.Instances ?? []).map(instance => ({
            id: instance.InstanceId ?? "", zone: instance.AvailabilityZone, lifecycle: instance.LifecycleState, outdated: isOutdated(instance, group),
        })),
    };
}

/** Only a version that has a number can be compared; which one "$Latest" means is not told here. */
function isOutdated({ LaunchTemplate }: Instance, group: AutoScalingGroup): boolean | undefined {
    const today = group.LaunchTemplate ?? group.MixedInstancesPolicy?.LaunchTemplate?.LaunchTemplateSpecification;
    return /^\d+$/.test(today?.Version ?? "") ? nameOf(LaunchTemplate) !== nameOf(today) : undefined;
}

function nameOf({ LaunchTemplateId, Version }: LaunchTemplateSpecification = {}): string {
    return `${LaunchTemplateId ?? ""}:${Version ?? ""}`;
}

export async function readPipeline(codePipeline: CodePipelineClient, stage: Stage, abortSignal: AbortSignal): Promise<PipelineState> {
    const { stageStates = [] } = await codePipeline.send(new GetPipelineStateCommand({ name: stage.pipeline }), { abortSignal });
    return { stages: stageStates.map(stageOf) };
}

/** Every stage of the deploy pipeline has one action. */
function stageOf({ stageName = "", latestExecution, actionStates: [action] = [] }: StageState): PipelineStage {
    const { status, lastStatusChange, summary, externalExecutionId, errorDetails, token } = action?.latestExecution ?? {};
    return {
        name: stageName, executionId: latestExecution?.pipelineExecutionId, status: latestExecution?.status,
        ...(action && {
            action: {
                status, at: lastStatusChange?.toISOString(), summary, externalId: externalExecutionId, reason: errorDetails?.message,
                // It is there while a person is asked, and then alone.
                approval: token !== undefined,
            },
        }),
    };
}

export async function readImages(ecr: ECRClient, { repository }: Stage, abortSignal: AbortSignal): Promise<ReadonlySet<string> | null> {
    const place = parseEcr(repository);
    if (!place) return null;
    const { registryId, repositoryName } = place;
    const digests = new Set<string>();
    for await (const page of paginateDescribeImages({ client: ecr, pageSize: 1000 }, { registryId, repositoryName }, { abortSignal })) {
        for (const { imageDigest } of page.imageDetails ?? []) if (imageDigest !== undefined) digests.add(imageDigest);
    }
    return digests;
}

export async function readStore(s3: S3Client, { releaseBucket: Bucket }: Stage, abortSignal: AbortSignal): Promise<Store> {
    const objects: _Object[] = [];
    for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket, Prefix: "releases/" }, { abortSignal })) objects.push(...page.Contents ?? []);

    const releases = objects.flatMap(({ Key = "", ETag }) => {
        const version = versionOfKey(Key);
        return version === undefined ? [] : [{ version, etag: ETag }];
    });
    const trigger = objects.find(({ Key }) => Key === triggerKey);
    return {
        versions: new Set(releases.map(({ version }) => version)),
        ...(trigger?.LastModified && {
            // The same bytes have the same ETag as long as S3 encrypts with its own key.
            trigger: { at: trigger.LastModified.toISOString(), version: releases.find(({ etag }) => etag === trigger.ETag)?.version },
        }),
    };
}

export async function readAlarms(cloudWatch: CloudWatchClient, alarms: readonly string[], abortSignal: AbortSignal): Promise<readonly Alarm[]> {
    if (alarms.length === 0) return [];
    // A group has ten at most, and a page a hundred.
    const { MetricAlarms = [], CompositeAlarms = [] } = await cloudWatch.send(
        new DescribeAlarmsCommand({ AlarmNames: [...alarms], AlarmTypes: ["MetricAlarm", "CompositeAlarm"], MaxRecords: 100 }), { abortSignal },
    );
    return [...MetricAlarms, ...CompositeAlarms].map(({ AlarmName = "", StateValue = "" }) => ({ name: AlarmName, state: StateValue }));
}
