import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { check } from "./check";
import type { GreenHosts, GreenHostsArgs } from "./colours";
import type { DeploymentTarget } from "./deployment-target";
import { type Host, makeHost } from "./host";
import { type HostArgs, hostRules } from "./host-args";
import { launchHook, makeHostGroup, type SizesOwner } from "./host-group";
import { imageLookUpOf, type InstanceMixArgs, mixRules } from "./instance-mix";
import { makeScaling, type ScalingArgs, scalingRules } from "./scaling";
import { makeSchedules, type Schedule, scheduleRules } from "./schedule";

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
    /**
     * A second group of the same hosts, for releases that are brought to it before any client meets them. Deployments then own both
     * groups' fewest instances; `minSize` is what serves, for them to keep. A group that is made now begins with none. @default one group
     */
    readonly green?: GreenHostsArgs;
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
    /** The second colour's group; undefined without `green`. */
    readonly green: GreenHosts | undefined;

    /**
     * What `opts.dependsOn` names comes before the instances: a network with its routes, for the boot; and the load balancer's
     * listeners, since AWS scales by the requests only of a target group that a listener forwards to.
     */
    constructor(name: string, args: AutoscaledServiceArgs, opts?: pulumi.ComponentResourceOptions) {
        super("gapless:index:AutoscaledService", name, args, opts);
        const { minSize = 2, maxSize = 4, schedules = [] } = args;
        check(this, `AutoscaledService '${name}'`, [
            minSize < 2 && `minSize must be 2 or more, since half of the instances serve while the others change, got ${minSize}`,
            maxSize < minSize && `maxSize must be minSize (${minSize}) or more, got ${maxSize}`,
            ...hostRules(args),
            ...mixRules(args),
            ...scalingRules(args),
            ...scheduleRules(schedules, minSize),
            args.green !== undefined && schedules.length > 0 && "schedules must not be set with green: deployments own the sizes of both groups",
        ]);

        const host = makeHost(name, args, { logicalName: `${name}-group`, launchHook, imageLookUp: imageLookUpOf(args) }, this);
        this.autoScalingGroup = this.makeGroup(name, "", args, host, opts);
        makeSchedules(name, this.autoScalingGroup, schedules, this);
        this.green = args.green && greenHosts(this.makeGroup(name, "-green", { ...args, ...args.green }, host, opts));

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
            green: this.green,
        });
    }

    /** A group and what it follows. */
    private makeGroup(name: string, ending: string, args: AutoscaledServiceArgs, host: Host, opts: pulumi.ResourceOptions | undefined): aws.autoscaling.Group {
        const { minSize = 2, maxSize = 4 } = args;
        const sizesBelongTo = sizesOwner(args);
        const group = makeHostGroup(`${name}-group${ending}`, {
            ...args, nameTag: `${name}${ending}`, sizesBelongTo, maxSize,
            // Of two groups none knows which will serve: the first deployment wakes one.
            minSize: sizesBelongTo === "deployments" ? 0 : minSize,
        }, host, this, opts);
        makeScaling(name, group, args, this, ending);
        return group;
    }
}

function sizesOwner({ green, schedules = [] }: AutoscaledServiceArgs): SizesOwner {
    if (green !== undefined) return "deployments";
    return schedules.length > 0 ? "schedules" : "program";
}

function greenHosts(autoScalingGroup: aws.autoscaling.Group): GreenHosts {
    const target = { autoScalingGroupName: autoScalingGroup.name, autoScalingGroupArn: autoScalingGroup.arn };
    return { deploymentTarget: target, ...target, autoScalingGroup };
}
