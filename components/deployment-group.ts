import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Colour } from "../release/blue-green/colour";
import type { Account } from "./account";
import { after } from "./after";
import type { DeployPipelineArgs } from "./deploy-pipeline-args";
import { type DeploymentTarget, targetArgs } from "./deployment-target";
import { codeDeployPolicy } from "./pipeline-policies";
import { makeRole, onBehalfOf, type RoleWithPolicy } from "./role";

/** A fleet with a deployment group of its own: the only one there is, or one colour's. */
export interface PipelineFleet {
    /** Undefined for the only one. */
    readonly colour: Colour | undefined;
    readonly target: DeploymentTarget;
    /** Target group whose requests CodeDeploy keeps from instances. */
    readonly targetGroupName: pulumi.Input<string>;
    readonly targetGroupArn: pulumi.Input<string>;
    readonly targetGroupDimension: pulumi.Input<string>;
    readonly deploymentGroupName: string;
}

/** The fleets that releases go to. */
export function fleetsOf(args: DeployPipelineArgs): { readonly first: PipelineFleet; readonly green: PipelineFleet | undefined } {
    const { target, targetGroupName, targetGroupArn, targetGroupDimension, deploymentGroupName, blueGreen } = args;
    return {
        first: { target, targetGroupName, targetGroupArn, targetGroupDimension, deploymentGroupName, colour: blueGreen && "blue" },
        green: blueGreen && { ...blueGreen, deploymentGroupName: greenGroupName(deploymentGroupName), colour: "green" },
    };
}

/** The scripts of a release take what stands before the first hyphen for the stage. */
export function greenGroupName(blue: string): string {
    return `${blue}-green`;
}

/** Logical name of what belongs to a fleet. Blue's are those of an only fleet, so that what serves is not made anew when a second one is added. */
export function nameFor({ colour }: PipelineFleet, name: string): string {
    return colour === "green" ? `${name}-green` : name;
}

/** The role by which CodeDeploy works on the fleets. */
export function makeCodeDeployRole(
    name: string, args: DeployPipelineArgs, { account, applicationName }: { readonly account: Account; readonly applicationName: pulumi.Input<string> },
    parent: pulumi.Resource,
): RoleWithPolicy {
    const { partition, region, accountId } = account;
    const { deploymentGroupName, notificationTopicArn, blueGreen } = args;
    const fleets = Object.values(fleetsOf(args)).filter(fleet => fleet !== undefined);
    const groups = pulumi.interpolate`arn:${partition}:codedeploy:${region}:${accountId}:deploymentgroup`;
    return makeRole(`${name}-codedeploy`, {
        service: "codedeploy.amazonaws.com",
        when: onBehalfOf(account, pulumi.interpolate`${groups}:${applicationName}/${blueGreen ? "*" : deploymentGroupName}`),
        statements: codeDeployPolicy({
            targets: fleets.map(({ target }) => target),
            targetGroupArns: fleets.map(({ targetGroupArn }) => targetGroupArn),
            notificationTopicArn,
        }),
    }, parent);
}

export interface DeploymentGroupSurroundings {
    readonly role: RoleWithPolicy;
    readonly applicationName: pulumi.Input<string>;
    readonly deploymentConfigName: pulumi.Input<string>;
    readonly alarms: readonly aws.cloudwatch.MetricAlarm[];
    readonly notificationTopicArn: pulumi.Input<string> | undefined;
}

/** A fleet as CodeDeploy knows it. */
export function makeDeploymentGroup(
    name: string, fleet: PipelineFleet, around: DeploymentGroupSurroundings, parent: pulumi.Resource, opts: pulumi.ResourceOptions | undefined,
): aws.codedeploy.DeploymentGroup {
    const { colour, deploymentGroupName, target, targetGroupName } = fleet;
    const { role: { role, policy }, applicationName, deploymentConfigName, notificationTopicArn } = around;
    return new aws.codedeploy.DeploymentGroup(nameFor(fleet, `${name}-group`), {
        appName: applicationName,
        deploymentGroupName,
        serviceRoleArn: role.arn,
        deploymentConfigName,
        // Instances leave the load balancer and join again, also those of a colour: while a stack becomes one of two colours, and when that stops half
        // way, its old pipeline may still deploy to hosts that serve.
        deploymentStyle: { deploymentType: "IN_PLACE", deploymentOption: "WITH_TRAFFIC_CONTROL" },
        loadBalancerInfo: { targetGroupInfos: [{ name: targetGroupName }] },
        ...(colour === undefined && waysBack(around.alarms)),
        ...targetArgs(target),
        outdatedInstancesStrategy: "UPDATE",
        ...(notificationTopicArn !== undefined && { triggerConfigurations: [failureTrigger(notificationTopicArn)] }),
    }, {
        parent,
        dependsOn: after(opts, policy),
        // A roll takes the idle fleet out of its group for a while.
        ...(colour !== undefined && { ignoreChanges: ["autoscalingGroups"] }),
    });
}

/**
 * CodeDeploy goes back by itself, where there is one fleet. With two colours the way back is another share of the requests, not another deployment, and
 * there are no alarms: while one fires, CodeDeploy would bring no release to an instance that scaling launches; whoever drives the roll looks at them.
 */
function waysBack(alarms: readonly aws.cloudwatch.MetricAlarm[]) {
    return {
        autoRollbackConfiguration: { enabled: true, events: ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"] },
        alarmConfiguration: { enabled: true, alarms: alarms.map(alarm => alarm.name) },
    };
}

/** Also of a single instance: half of the others make the deployment a success all the same. */
function failureTrigger(triggerTargetArn: pulumi.Input<string>) {
    return {
        triggerName: "failures",
        triggerEvents: ["DeploymentFailure", "DeploymentStop", "DeploymentRollback", "InstanceFailure"],
        triggerTargetArn,
    };
}
