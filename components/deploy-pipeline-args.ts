import type * as pulumi from "@pulumi/pulumi";
import { type DeploymentConfigChoice, deploymentConfigRules } from "./deployment-config";
import type { RecordArgs } from "./deployment-record";
import { type AutoScalingTarget, type DeploymentTarget, targetRules } from "./deployment-target";
import type { ReleaseToPublish } from "./published-release";
import { type RollArgs, rollRules } from "./roll-project";
import type { WeightsHolder } from "./stage-policies";
import { toolProjectRules } from "./tool-project";

/** A release goes to some instances of one fleet at a time, or to all of an idle fleet before that serves. */
export type DeployPipelineArgs = DeployPipelineCommonArgs & (OneFleetArgs | TwoColoursArgs);

export interface DeployPipelineCommonArgs {
    /** Name of the CodeDeploy group: the stage, which tells the hook scripts which compose file to take. */
    readonly deploymentGroupName: string;
    /** Target group that instances leave and join again during a deployment. */
    readonly targetGroupName: pulumi.Input<string>;
    readonly targetGroupArn: pulumi.Input<string>;
    /** `LoadBalancer` dimension of the metrics that stop a bad release. */
    readonly loadBalancerDimension: pulumi.Input<string>;
    /** `TargetGroup` dimension of the metrics that stop a bad release. */
    readonly targetGroupDimension: pulumi.Input<string>;
    /** Whether other services answer through the load balancer, whose own 5xx then tell nothing of this one. @default false */
    readonly sharedLoadBalancer?: boolean;
    /** Bucket that keeps the releases: versioned, with EventBridge notification. */
    readonly releaseBucketName: pulumi.Input<string>;
    readonly releaseBucketArn: pulumi.Input<string>;
    /**
     * Release to deploy. @default none: others publish. AWS starts a pipeline when it is made, so its first execution then
     * fails at its source, and it waits for the first upload.
     */
    readonly release?: ReleaseToPublish;
    /**
     * Whether a person must agree before a release is deployed. Releases behind one that waits for that wait, too; AWS gives
     * up after 7 days. @default false
     */
    readonly approval?: boolean;
    /** SNS topic that is told of failures, of the alarms, and of releases that wait for approval. @default nobody is told */
    readonly notificationTopicArn?: pulumi.Input<string>;
    /** Share of failed requests that stops a deployment, in percent. @default 5 */
    readonly errorRatePercent?: number;
    /** 99th percentile of the answer time that stops a deployment, in seconds. @default 10, as long as the slowest request may take */
    readonly p99Seconds?: number;
    /** Requests a minute below which the alarms stay silent. @default 50 */
    readonly alarmMinimumRequests?: number;
}

export interface OneFleetArgs {
    /** Instances that get the releases. */
    readonly target: DeploymentTarget;
    /** Instances that a deployment takes out at a time. @default HalfAtATime */
    readonly deploymentConfig?: DeploymentConfigChoice;
    /** What is done when a release serves. */
    readonly record: RecordArgs;
    readonly blueGreen?: undefined;
}

export interface TwoColoursArgs {
    /** Blue's instances, as target group and deployment group above are blue's. */
    readonly target: AutoScalingTarget;
    readonly blueGreen: BlueGreenArgs;
    readonly record?: undefined;
    readonly deploymentConfig?: undefined;
}

/** The second fleet, and how requests get from one to the other. */
export interface BlueGreenArgs {
    /** Green's instances. Their CodeDeploy group has the name of blue's with `-green` at its end. */
    readonly target: AutoScalingTarget;
    /** Target group of green's. */
    readonly targetGroupName: pulumi.Input<string>;
    readonly targetGroupArn: pulumi.Input<string>;
    /** `TargetGroup` dimension of green's metrics. */
    readonly targetGroupDimension: pulumi.Input<string>;
    /** What holds the weights of the two target groups. */
    readonly weights: WeightsHolder;
    /** Who drives a roll in the pipeline. */
    readonly roll: RollArgs;
}

/** What is wrong with the arguments, for `check`. */
export function deployPipelineRules(args: DeployPipelineArgs): readonly (string | false)[] {
    const { errorRatePercent, alarmMinimumRequests } = alarmNumbers(args);
    return [
        !/^[A-Za-z0-9]/.test(args.deploymentGroupName) &&
            `deploymentGroupName must begin with a letter or digit, got '${args.deploymentGroupName}'`,
        ...targetRules(args.target),
        ...(args.blueGreen ? rollRules(args.blueGreen.roll) : [...deploymentConfigRules(args.deploymentConfig ?? defaultConfig), ...toolProjectRules(args.record)]),
        (errorRatePercent < 0 || errorRatePercent > 100) && `errorRatePercent must be 0 to 100, got ${errorRatePercent}`,
        alarmMinimumRequests < 1 && `alarmMinimumRequests must be 1 or more, got ${alarmMinimumRequests}`,
    ];
}

export const defaultConfig: DeploymentConfigChoice = "HalfAtATime";

export function alarmNumbers({ errorRatePercent = 5, alarmMinimumRequests = 50 }: DeployPipelineCommonArgs) {
    return { errorRatePercent, alarmMinimumRequests };
}
