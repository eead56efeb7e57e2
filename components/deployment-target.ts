import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** The instances of an Auto Scaling group, whoever they are. */
export interface AutoScalingTarget {
    readonly autoScalingGroupName: pulumi.Input<string>;
    readonly autoScalingGroupArn: pulumi.Input<string>;
}

/** How CodeDeploy finds the instances of a fleet: as those of an Auto Scaling group, or by tags of which an instance must carry all. */
export type DeploymentTarget = AutoScalingTarget | { readonly instanceTags: Readonly<Record<string, string>> };

/** CodeDeploy takes three groups of tags that must all match. https://docs.aws.amazon.com/codedeploy/latest/userguide/instances-tagging.html */
export const mostTags = 3;

/** What is wrong with a target, for `check`. */
export function targetRules(target: DeploymentTarget): (string | false)[] {
    if (!("instanceTags" in target)) return [];
    const count = Object.keys(target.instanceTags).length;
    return [(count < 1 || count > mostTags) && `target.instanceTags must be 1 to ${mostTags} tags, got ${count}`];
}

/** The target as a deployment group names it. */
export function targetArgs(target: DeploymentTarget): Pick<aws.codedeploy.DeploymentGroupArgs, "autoscalingGroups" | "ec2TagSets"> {
    if (!("instanceTags" in target)) return { autoscalingGroups: [target.autoScalingGroupName] };
    // Each tag is a set of its own: of the tags within a set one is enough, and a neighbour's instances may carry that one.
    return {
        ec2TagSets: Object.entries(target.instanceTags).map(([key, value]) => ({ ec2TagFilters: [{ type: "KEY_AND_VALUE", key, value }] })),
    };
}
