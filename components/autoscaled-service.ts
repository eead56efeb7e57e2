import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { bootTimeoutSeconds, healthCheckGraceSeconds } from "../release/rollout";
import { after } from "./after";
import { check } from "./check";
import type { DeploymentTarget } from "./deployment-target";
import { makeHost } from "./host";
import { type HostArgs, hostRules } from "./host-args";
import { imageLookUpOf, type InstanceMixArgs, launchOf, mixRules } from "./instance-mix";
import { makeScaling, type ScalingArgs, scalingRules } from "./scaling";
import { makeSchedules, type Schedule, scheduleRules } from "./schedule";

/** Lifecycle hook that the last line of the boot script completes. */
const launchHook = "boot";
/** Seconds that Pulumi goes on waiting when the last instance has used up its time to boot: to be told of the next one, not to give up before. */
const launchMarginSeconds = 300;

export interface AutoscaledServiceArgs extends HostArgs, InstanceMixArgs, ScalingArgs {
    /** Subnets of the instances, in at least two availability zones. */
    readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
    /** Fewest instances. @default 2 */
    readonly minSize?: number;
    /** Most instances. @default 4 */
    readonly maxSize?: number;
    /**
     * Other sizes at certain times. They own the group's sizes from its creation on: `up` changes neither `minSize` nor `maxSize`
     * any more, so that it wakes no fleet at night and takes no instance away. While a fleet is off, a deployment finds no instance
     * and fails; what is launched later gets the release that last succeeded. @default none
     */
    readonly schedules?: readonly Schedule[];
}

/** Where the containers run: instances that are ready for releases when they come into service. */
export class AutoscaledService extends pulumi.ComponentResource {
    /** How CodeDeploy finds the instances. */
    readonly deploymentTarget: DeploymentTarget;
    /** Auto Scaling group, as CodeDeploy refers to it. */
    readonly autoScalingGroupName: pulumi.Output<string>;
    readonly autoScalingGroupArn: pulumi.Output<string>;
    /** Log group of the instances. */
    readonly logGroupName: pulumi.Output<string>;
    /** Security group of the instances, for a database to let in. */
    readonly securityGroupId: pulumi.Output<string>;
    /** Role of the instances, to allow the service more. */
    readonly instanceRoleName: pulumi.Output<string>;
    /** Value of the dimension `Fleet` under which the namespace `Gapless` has the instances' `disk_used_percent`. */
    readonly fleetName: pulumi.Output<string>;
    readonly autoScalingGroup: aws.autoscaling.Group;

    /**
     * What `opts.dependsOn` names comes before the instances: a network with its routes, for the boot; and the load balancer's
     * listeners, since AWS scales by the requests only of a target group that a listener forwards to.
     */
    constructor(name: string, args: AutoscaledServiceArgs, opts?: pulumi.ComponentResourceOptions) {
        super("gapless:index:AutoscaledService", name, args, opts);
        const { minSize = 2, maxSize = 4, schedules = [], deletionProtection = false } = args;
        check(this, `AutoscaledService '${name}'`, [
            minSize < 2 && `minSize must be 2 or more, since half of the instances serve while the others change, got ${minSize}`,
            maxSize < minSize && `maxSize must be minSize (${minSize}) or more, got ${maxSize}`,
            ...hostRules(args),
            ...mixRules(args),
            ...scalingRules(args),
            ...scheduleRules(schedules, minSize),
        ]);

        const host = makeHost(name, args, { logicalName: `${name}-group`, launchHook, imageLookUp: imageLookUpOf(args) }, this);
        this.autoScalingGroup = new aws.autoscaling.Group(`${name}-group`, {
            ...groupArgs(name, args),
            minSize,
            maxSize,
            // A new version of the template is for the next launch. No instanceRefresh: it would replace instances in the middle of a deployment.
            ...launchOf(host, args),
        }, {
            parent: this,
            protect: deletionProtection,
            ignoreChanges: [
                // Scaling decides it.
                "desiredCapacity",
                // An argument of creating the group: another one would replace it.
                "initialLifecycleHooks",
                // Schedules decide them.
                ...(schedules.length > 0 ? ["minSize", "maxSize"] : []),
            ],
            dependsOn: after(opts, ...host.before),
        });
        makeScaling(name, this.autoScalingGroup, args, this);
        makeSchedules(name, this.autoScalingGroup, schedules, this);

        this.autoScalingGroupName = this.autoScalingGroup.name;
        this.autoScalingGroupArn = this.autoScalingGroup.arn;
        this.deploymentTarget = { autoScalingGroupName: this.autoScalingGroupName, autoScalingGroupArn: this.autoScalingGroupArn };
        this.logGroupName = host.logGroupName;
        this.securityGroupId = host.securityGroupId;
        this.instanceRoleName = host.roleName;
        this.fleetName = pulumi.output(host.fleetName);
        this.registerOutputs({
            deploymentTarget: this.deploymentTarget,
            autoScalingGroupName: this.autoScalingGroupName,
            autoScalingGroupArn: this.autoScalingGroupArn,
            logGroupName: this.logGroupName,
            securityGroupId: this.securityGroupId,
            instanceRoleName: this.instanceRoleName,
            fleetName: this.fleetName,
            autoScalingGroup: this.autoScalingGroup,
        });
    }
}

function groupArgs(name: string, { subnetIds, targetGroupArn, launchTags = {} }: AutoscaledServiceArgs) {
    return {
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
        tags: Object.entries({ Name: name, ...launchTags }).map(([key, value]) => ({ key, value, propagateAtLaunch: true })),
    };
}
