import { type AutoScalingClient, type AutoScalingGroup, DescribeAutoScalingGroupsCommand, type Instance } from "@aws-sdk/client-auto-scaling";
import { DescribeLaunchTemplateVersionsCommand, type EC2Client, type LaunchTemplateVersion, paginateDescribeInstances } from "@aws-sdk/client-ec2";
import { DescribeTargetGroupsCommand, type ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { type GroupInstance, type GroupLaunch, warmupFor } from "../instance-refresh";
import { DeliveryError } from "./error";

/** A group's instances, and what it launches from today. */
export interface Group {
    readonly instances: readonly GroupInstance[];
    readonly launch: GroupLaunch;
}

/** Reads what a group's instances were launched from, and what one launched now would be. */
export async function readGroup(autoScaling: AutoScalingClient, ec2: EC2Client, name: string): Promise<Group> {
    const { AutoScalingGroups: [group] = [] } = await autoScaling.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }));
    if (!group) throw new DeliveryError(`There is no Auto Scaling group ${name}. Somebody has removed it; ./gapless refresh STACK and ./gapless up STACK make it again.`);
    const leaving = (state: string | undefined): boolean => state?.startsWith("Terminat") ?? false;
    const instances = (group.Instances ?? []).filter(({ LifecycleState }) => !leaving(LifecycleState));
    const [launch, images] = await Promise.all([launchOf(ec2, group), imagesOf(ec2, name)]);
    return { launch, instances: instances.map(instance => instanceOf(instance, images)) };
}

/** Seconds that a group's new instances need until the load balancer has asked them. */
export async function warmupOf(loadBalancing: ElasticLoadBalancingV2Client, targetGroupArn: string): Promise<number> {
    const { TargetGroups: [targetGroup] = [] } = await loadBalancing.send(new DescribeTargetGroupsCommand({ TargetGroupArns: [targetGroupArn] }));
    return warmupFor({ intervalSeconds: targetGroup?.HealthCheckIntervalSeconds ?? 0, timeoutSeconds: targetGroup?.HealthCheckTimeoutSeconds ?? 0 });
}

async function launchOf(ec2: EC2Client, group: AutoScalingGroup): Promise<GroupLaunch> {
    const { templateId, wanted, types } = templateOf(group);
    if (templateId === undefined) {
        throw new DeliveryError(`${group.AutoScalingGroupName ?? "The group"} has no launch template, so it is not as Gapless makes it. Run ./gapless refresh STACK and ./gapless up STACK.`);
    }
    const [written, today] = await Promise.all([
        versionOf(ec2, templateId, wanted, false),
        // Needs the right to read the parameter, too.
        versionOf(ec2, templateId, wanted, true).catch(() => undefined),
    ]);
    return {
        templateId,
        version: String(written?.VersionNumber ?? wanted),
        imageId: imageOf(today).startsWith("ami-") ? imageOf(today) : undefined,
        imageAtLaunch: imageOf(written).startsWith("resolve:"),
        types,
    };
}

function templateOf({ LaunchTemplate, MixedInstancesPolicy }: AutoScalingGroup) {
    const { LaunchTemplateSpecification, Overrides = [] } = MixedInstancesPolicy?.LaunchTemplate ?? {};
    const types = Overrides.flatMap(({ InstanceType }) => InstanceType ?? []);
    const { LaunchTemplateId: templateId, Version: wanted = "$Default" } = LaunchTemplate ?? LaunchTemplateSpecification ?? {};
    return { templateId, wanted, types: types.length > 0 ? types : undefined };
}

/** @param ResolveAlias whether EC2 shall look up the image as it would at a launch */
async function versionOf(ec2: EC2Client, LaunchTemplateId: string, version: string, ResolveAlias: boolean): Promise<LaunchTemplateVersion | undefined> {
    const { LaunchTemplateVersions: [found] = [] } = await ec2.send(new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId, Versions: [version], ResolveAlias }));
    return found;
}

function imageOf(version: LaunchTemplateVersion | undefined): string {
    return version?.LaunchTemplateData?.ImageId ?? "";
}

async function imagesOf(ec2: EC2Client, group: string): Promise<ReadonlyMap<string, string>> {
    const images = new Map<string, string>();
    // By the tag that Auto Scaling itself puts on them: a list of ids fails as a whole when one of them has just gone.
    const Filters = [{ Name: "tag:aws:autoscaling:groupName", Values: [group] }];
    for await (const { Reservations = [] } of paginateDescribeInstances({ client: ec2 }, { Filters })) {
        for (const { InstanceId, ImageId } of Reservations.flatMap(({ Instances = [] }) => Instances)) {
            if (InstanceId !== undefined && ImageId !== undefined) images.set(InstanceId, ImageId);
        }
    }
    return images;
}

function instanceOf({ InstanceId = "", InstanceType = "", LaunchTemplate }: Instance, images: ReadonlyMap<string, string>): GroupInstance {
    const { LaunchTemplateId: id, Version: version } = LaunchTemplate ?? {};
    return { id: InstanceId, type: InstanceType, template: id !== undefined && version !== undefined ? { id, version } : undefined, imageId: images.get(InstanceId) };
}
