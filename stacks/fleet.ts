import { readFileSync } from "node:fs";
import type * as pulumi from "@pulumi/pulumi";
import { AutoscaledService, type ContainerImage, type HostArgs, type ReleaseStore, TaggedFleet } from "../components";
import type { FrontDoor } from "./front-door";
import { given } from "./given";
import { readHostTools } from "./host-tools";
import type { Network } from "./network";
import type { Settings } from "./settings";
import type { Tags } from "./tagging";

/** What instances get from the rest of the stack. */
export interface FleetSurroundings {
    readonly network: Network;
    readonly door: FrontDoor;
    readonly image: ContainerImage;
    readonly store: ReleaseStore;
    /** Tags by which the instances are told from those of all other stacks. */
    readonly launchTags: Tags;
}

/** The instances: a group that grows and shrinks with the load, or a fixed number that CodeDeploy finds by their tags. */
export function makeFleet(settings: Settings, around: FleetSurroundings, opts: pulumi.ComponentResourceOptions): AutoscaledService | TaggedFleet {
    const { network, door: { tier } } = around;
    const host = hostArgsOf(settings, around);
    if (settings.fleet === "tagged") {
        // Not after the load balancer, which takes minutes: they boot meanwhile.
        return new TaggedFleet("web-hosts", { ...host, subnetIds: network.hostSubnetIds, size: settings.minSize, launchTags: around.launchTags }, {
            ...opts, dependsOn: [...network.ready],
        });
    }
    return new AutoscaledService("web-hosts", {
        ...host,
        subnetIds: network.hostSubnetIds,
        loadBalancerDimension: tier.loadBalancerDimension,
        targetGroupDimension: tier.targetGroupDimension,
        minSize: settings.minSize,
        maxSize: settings.maxSize,
        requestsPerTarget: settings.requestsPerTarget,
        ...given("cpuPercent", settings.cpuPercent),
        alternativeInstanceTypes: settings.alternativeInstanceTypes,
        spot: settings.spot,
        // Not the whole: a component's arguments are its inputs, and a resource among them is one more thing for the engine to look up.
        ...(tier.green && { green: { targetGroupArn: tier.green.targetGroupArn, targetGroupDimension: tier.green.targetGroupDimension } }),
        schedules: Object.entries(settings.schedules).map(([name, schedule]) => ({ name, ...schedule, timeZone: settings.scheduleTimeZone })),
    // The load balancer, which scaling counts the requests of, has waited for the network.
    }, { ...opts, dependsOn: tier });
}

function hostArgsOf(settings: Settings, { network, door: { tier }, image, store, launchTags }: FleetSurroundings): HostArgs {
    return {
        vpcId: network.vpcId,
        targetGroupArn: tier.targetGroupArn,
        loadBalancerSecurityGroupId: tier.securityGroupId,
        releaseBucketName: store.bucketName,
        releaseBucketArn: store.bucketArn,
        repositoryArns: image.repositoryArns,
        registry: image.registry,
        bootScript: readFileSync("app-scripts/instance-boot.sh", "utf8"),
        ...readHostTools("app-scripts/versions.json"),
        instanceType: settings.instanceType,
        ...given("amiId", settings.amiId),
        rootVolumeGiB: settings.rootVolumeGiB,
        swapGiB: settings.swapGiB,
        containersUseInstanceRole: settings.containersUseInstanceRole,
        throughEndpoints: settings.interfaceEndpoints,
        ...(settings.registry === "dockerHub" && given("dockerHubSecretArn", settings.dockerHubSecretArn)),
        logRetentionDays: settings.logRetentionDays,
        deletionProtection: settings.deletionProtection,
        launchTags,
    };
}
