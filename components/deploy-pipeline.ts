import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface DeployPipelineArgs {
    /** Name of the CodeDeploy group: the stage, which tells the hook scripts which compose file to take. */
    readonly deploymentGroupName: string;
    /** Instances that get the releases. */
    readonly autoScalingGroupName: pulumi.Input<string>;
    readonly autoScalingGroupArn: pulumi.Input<string>;
    /** Target group that instances leave and join again during a deployment. */
    readonly targetGroupName: pulumi.Input<string>;
    readonly targetGroupArn: pulumi.Input<string>;
    /** `LoadBalancer` dimension of the metrics that stop a bad release. */
    readonly loadBalancerDimension: pulumi.Input<string>;
    /** `TargetGroup` dimension of the metrics that stop a bad release. */
    readonly targetGroupDimension: pulumi.Input<string>;
    /** Bucket that keeps the releases: versioned, with EventBridge notification. */
    readonly releaseBucketName: pulumi.Input<string>;
    readonly releaseBucketArn: pulumi.Input<string>;
    /** Version of the release to deploy; its zip is never overwritten. */
    readonly releaseVersion: pulumi.Input<string>;
    /** The release's zip, in base64. */
    readonly releaseZip: pulumi.Input<string>;
    /** Share of failed requests that stops a deployment, in percent. @default 5 */
    readonly errorRatePercent?: number;
    /** 99th percentile of the answer time that stops a deployment, in seconds. @default 2 */
    readonly p99Seconds?: number;
    /** Requests a minute below which the two alarms stay silent. @default 50 */
    readonly alarmMinimumRequests?: number;
}

/** How a release gets to the instances: half of them at a time, back by itself when it is bad. */
export class DeployPipeline extends pulumi.ComponentResource {
    readonly pipelineName!: pulumi.Output<string>;
    readonly applicationName!: pulumi.Output<string>;
    readonly deploymentGroupName!: pulumi.Output<string>;
    /** Key of the deployed release in the bucket. */
    readonly releaseKey!: pulumi.Output<string>;
    /** Alarms that stop a deployment, and that keep one from starting. */
    readonly alarmNames!: pulumi.Output<string[]>;
    readonly deploymentGroup!: aws.codedeploy.DeploymentGroup;
    readonly pipeline!: aws.codepipeline.Pipeline;

    /** Resources of `opts.dependsOn` (listeners, instances) come before the first deployment. */
    constructor(name: string, args: DeployPipelineArgs, opts?: pulumi.ComponentResourceOptions) {
        super("gapless:index:DeployPipeline", name, args, opts);
    }
}
