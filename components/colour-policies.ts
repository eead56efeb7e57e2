import * as pulumi from "@pulumi/pulumi";
import { parameterNames, parameterPath } from "../release/stage";
import { coloursKey } from "../release/store-keys";
import type { Account } from "./account";
import type { Statement } from "./role";
import { type Deployments, emptyCache, groupArns, type RolledColours, type StackNames, type WeightsHolder, writeUnchanged } from "./stage-policies";

/** Where releases are deployed to, with two colours. */
export type RolledDeployments = Deployments & { readonly blueGreen: RolledColours };

/** May see which colour serves, and how far a roll is. */
export function watchColours(releaseBucketArn: pulumi.Input<string>): readonly Statement[] {
    return [
        { Effect: "Allow", Action: "s3:GetObject", Resource: pulumi.interpolate`${releaseBucketArn}/${coloursKey}` },
        // AWS knows no resource for these. The last two tell the weights, and what the header must say.
        {
            Effect: "Allow",
            Action: ["autoscaling:DescribeScheduledActions", "elasticloadbalancing:DescribeListeners", "elasticloadbalancing:DescribeRules"],
            Resource: "*",
        },
    ];
}

/**
 * May change which colour serves, beyond watching and deploying: grow and shrink the two groups, take them out of their deployment groups and put them
 * back, shift the weights, write down how far that is, and empty the CDN's cache. No `iam:PassRole`: a role is passed by a call that names one, and a change of a deployment group's Auto Scaling groups
 * names none; AWS's list of CodeDeploy's permissions has none for it, either. Not tried on AWS.
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/auth-and-access-control-permissions-reference.html
 */
export function rollColours(
    account: Account, names: StackNames, releaseBucketArn: pulumi.Input<string>, deployments: RolledDeployments,
): readonly Statement[] {
    const { weights, autoScalingGroupArns, distributionArn } = deployments.blueGreen;
    return [
        ...writeUnchanged(pulumi.interpolate`${releaseBucketArn}/${coloursKey}`),
        { Effect: "Allow", Action: ["ssm:GetParameter", "ssm:PutParameter"], Resource: activeColourArn(account, names) },
        shiftWeights(weights),
        {
            Effect: "Allow",
            Action: ["autoscaling:DeleteScheduledAction", "autoscaling:PutScheduledUpdateGroupAction", "autoscaling:UpdateAutoScalingGroup"],
            Resource: Object.values(autoScalingGroupArns),
        },
        { Effect: "Allow", Action: "codedeploy:UpdateDeploymentGroup", Resource: groupArns(account, deployments) },
        ...emptyCache(distributionArn),
    ];
}

function activeColourArn({ partition, region, accountId }: Account, { project, stack }: StackNames): pulumi.Output<string> {
    return pulumi.interpolate`arn:${partition}:ssm:${region}:${accountId}:parameter${parameterPath(project, stack)}/${parameterNames.activeColour}`;
}

function shiftWeights(weights: WeightsHolder): Statement {
    return "listenerArn" in weights
        ? { Effect: "Allow", Action: "elasticloadbalancing:ModifyListener", Resource: weights.listenerArn }
        : { Effect: "Allow", Action: "elasticloadbalancing:ModifyRule", Resource: weights.ruleArn };
}
