import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** What the size of a group follows. With both, Auto Scaling takes the greater size. */
export interface ScalingArgs {
    /** `LoadBalancer` dimension of the requests that are counted for scaling. */
    readonly loadBalancerDimension: pulumi.Input<string>;
    /** `TargetGroup` dimension of the requests that are counted for scaling. */
    readonly targetGroupDimension: pulumi.Input<string>;
    /** Requests per minute and instance that scaling aims at. @default 1000 */
    readonly requestsPerTarget?: number;
    /** Mean load of the instances' processors, in percent, that scaling aims at as well. @default not looked at */
    readonly cpuPercent?: number;
}

export function scalingRules({ cpuPercent }: ScalingArgs): readonly (string | false)[] {
    return [cpuPercent !== undefined && !(cpuPercent >= 10 && cpuPercent <= 90) && `cpuPercent must be from 10 to 90, got ${cpuPercent}`];
}

/** Lets a group follow its load. The policies' logical names end as the group's does. */
export function makeScaling(name: string, group: aws.autoscaling.Group, args: ScalingArgs, parent: pulumi.Resource, ending: string): void {
    const { loadBalancerDimension, targetGroupDimension, requestsPerTarget = 1000, cpuPercent } = args;
    const track = (role: string, targetTrackingConfiguration: aws.types.input.autoscaling.PolicyTargetTrackingConfiguration) =>
        new aws.autoscaling.Policy(`${name}-${role}${ending}`, {
            autoscalingGroupName: group.name, policyType: "TargetTrackingScaling", targetTrackingConfiguration,
        }, { parent });

    track("scaling", {
        predefinedMetricSpecification: {
            predefinedMetricType: "ALBRequestCountPerTarget",
            resourceLabel: pulumi.interpolate`${loadBalancerDimension}/${targetGroupDimension}`,
        },
        targetValue: requestsPerTarget,
    });
    if (cpuPercent === undefined) return;
    track("scaling-cpu", {
        predefinedMetricSpecification: { predefinedMetricType: "ASGAverageCPUUtilization" },
        targetValue: cpuPercent,
    });
}
