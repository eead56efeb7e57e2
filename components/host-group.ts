import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { bootTimeoutSeconds, healthCheckGraceSeconds } from "../release/rollout";
import { after } from "./after";
import type { Host } from "./host";
import type { HostArgs } from "./host-args";
import { type InstanceMixArgs, launchOf } from "./instance-mix";

/** Lifecycle hook that the last line of the boot script completes. */
export const launchHook = "boot";
/** Seconds that Pulumi goes on waiting when the last instance has used up its time to boot: to be told of the next one, not to give up before. */
const launchMarginSeconds = 300;

export interface HostGroupArgs extends InstanceMixArgs, Pick<HostArgs, "targetGroupArn" | "launchTags" | "deletionProtection"> {
    readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
    /** Tag `Name` of the group and of what it launches. */
    readonly nameTag: string;
    /** Fewest instances that it is made with. */
    readonly minSize: number;
    /** Most instances that it is made with. */
    readonly maxSize: number;
    /** Who changes the sizes from then on, besides scaling. */
    readonly sizesBelongTo: SizesOwner;
}

export type SizesOwner = "program" | "schedules" | "deployments";

/** What the program leaves to the owner of the sizes; the number of instances in between is always scaling's. */
const leftTo: Readonly<Record<SizesOwner, readonly string[]>> = {
    program: [],
    schedules: ["minSize", "maxSize"],
    deployments: ["minSize"],
};

/** Launches hosts and lets them register. What `opts.dependsOn` names comes before them. */
export function makeHostGroup(
    logicalName: string, args: HostGroupArgs, host: Host, parent: pulumi.Resource, opts: pulumi.ResourceOptions | undefined,
): aws.autoscaling.Group {
    const { subnetIds, targetGroupArn, minSize, maxSize, nameTag, launchTags = {}, deletionProtection = false } = args;
    return new aws.autoscaling.Group(logicalName, {
        vpcZoneIdentifiers: subnetIds,
        targetGroupArns: [targetGroupArn],
        // Not ELB: that would end instances that have no release yet, and one that is just joining again during a deployment.
        healthCheckType: "EC2",
        healthCheckGracePeriod: healthCheckGraceSeconds,
        initialLifecycleHooks: [{
            name: launchHook,
            lifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING",
            heartbeatTimeout: bootTimeoutSeconds,
            defaultResult: "ABANDON",
        }],
        // InService then means booted, and who depends on the group finds instances that a release can go to.
        waitForCapacityTimeout: `${bootTimeoutSeconds + launchMarginSeconds}s`,
        instanceMaintenancePolicy: { minHealthyPercentage: 100, maxHealthyPercentage: 110 },
        // One period of the load balancer's metrics.
        defaultInstanceWarmup: 60,
        // A group sends none unasked; their difference are the instances that are missing.
        enabledMetrics: ["GroupDesiredCapacity", "GroupInServiceInstances"] satisfies aws.types.enums.autoscaling.Metric[],
        tags: Object.entries({ Name: nameTag, ...launchTags }).map(([key, value]) => ({ key, value, propagateAtLaunch: true })),
        minSize,
        maxSize,
        // A new version of the template is for the next launch. No instanceRefresh: it would replace instances in the middle of a deployment.
        ...launchOf(host, args),
    }, {
        parent,
        protect: deletionProtection,
        // The hooks are an argument of creating the group: another one would replace it.
        ignoreChanges: ["desiredCapacity", "initialLifecycleHooks", ...leftTo[args.sizesBelongTo]],
        dependsOn: after(opts, ...host.before),
    });
}
