import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { defaults } from "../release/rollout";
import { type Account, accountOf } from "./account";
import { after } from "./after";
import { check } from "./check";
import { errorRateAlarm, latencyAlarm } from "./deployment-alarms";
import { codeDeployPolicy, onBehalfOf, pipelinePolicy } from "./pipeline-policies";
import { releaseKey, triggerKey } from "./release-store";
import { makeRole } from "./role";

/** AWS's own configuration of the rule `halfAtATime` in release/minimum-healthy-hosts.ts. */
const deploymentConfigName = "CodeDeployDefault.HalfAtATime";
/** The pipeline's source action: the event rule names it, too. */
const sourceAction = "Source";

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
    /** 99th percentile of the answer time that stops a deployment, in seconds. @default 10, as long as the slowest request may take */
    readonly p99Seconds?: number;
    /** Requests a minute below which the two alarms stay silent. @default 50 */
    readonly alarmMinimumRequests?: number;
}

/** How a release gets to the instances: half of them at a time, and back by itself when it is bad. */
export class DeployPipeline extends pulumi.ComponentResource {
    readonly pipelineName: pulumi.Output<string>;
    readonly applicationName: pulumi.Output<string>;
    readonly deploymentGroupName: pulumi.Output<string>;
    /** Key of the deployed release in the bucket. */
    readonly releaseKey: pulumi.Output<string>;
    /** Version of the deployed release's object in the bucket. */
    readonly releaseObjectVersion: pulumi.Output<string>;
    /** Alarms that stop a deployment, and that keep one from starting. */
    readonly alarmNames: pulumi.Output<string[]>;
    readonly deploymentGroup: aws.codedeploy.DeploymentGroup;
    readonly pipeline: aws.codepipeline.Pipeline;
    private readonly account: Account;

    /** What `opts.dependsOn` names, such as listeners and instances, comes before the first deployment. */
    constructor(name: string, args: DeployPipelineArgs, opts?: pulumi.ComponentResourceOptions) {
        super("gapless:index:DeployPipeline", name, args, opts);
        const { errorRatePercent = 5, alarmMinimumRequests = 50 } = args;
        check(this, `DeployPipeline '${name}'`, [
            !/^[A-Za-z0-9]/.test(args.deploymentGroupName) &&
                `deploymentGroupName must begin with a letter or digit, got '${args.deploymentGroupName}'`,
            (errorRatePercent < 0 || errorRatePercent > 100) && `errorRatePercent must be 0 to 100, got ${errorRatePercent}`,
            alarmMinimumRequests < 1 && `alarmMinimumRequests must be 1 or more, got ${alarmMinimumRequests}`,
        ]);

        this.account = accountOf(this);
        const alarms = this.watch(name, args, errorRatePercent, alarmMinimumRequests);
        this.deploymentGroup = this.makeDeploymentGroup(name, args, alarms, opts);
        const { release, trigger } = this.publish(name, args);
        this.pipeline = this.makePipeline(name, args, trigger);
        this.startOnChange(name, args);

        this.pipelineName = this.pipeline.name;
        this.applicationName = this.deploymentGroup.appName;
        this.deploymentGroupName = this.deploymentGroup.deploymentGroupName;
        this.releaseKey = release.key;
        this.releaseObjectVersion = release.versionId;
        this.alarmNames = pulumi.all(alarms.map(alarm => alarm.name));
        this.registerOutputs({
            pipelineName: this.pipelineName,
            applicationName: this.applicationName,
            deploymentGroupName: this.deploymentGroupName,
            releaseKey: this.releaseKey,
            releaseObjectVersion: this.releaseObjectVersion,
            alarmNames: this.alarmNames,
            deploymentGroup: this.deploymentGroup,
            pipeline: this.pipeline,
        });
    }

    /** Only what the service's users feel: missing instances or a full disk must not keep a deployment from starting. */
    private watch(name: string, args: DeployPipelineArgs, errorRatePercent: number, minimumRequests: number): readonly aws.cloudwatch.MetricAlarm[] {
        const { p99Seconds = defaults.longestRequestSeconds } = args;
        const target = { loadBalancer: args.loadBalancerDimension, targetGroup: args.targetGroupDimension, minimumRequests };
        return [
            new aws.cloudwatch.MetricAlarm(`${name}-errors`, errorRateAlarm(target, errorRatePercent), { parent: this }),
            new aws.cloudwatch.MetricAlarm(`${name}-latency`, latencyAlarm(target, p99Seconds), { parent: this }),
        ];
    }

    private makeDeploymentGroup(
        name: string, args: DeployPipelineArgs, alarms: readonly aws.cloudwatch.MetricAlarm[], opts: pulumi.ResourceOptions | undefined,
    ): aws.codedeploy.DeploymentGroup {
        const { partition, region, accountId } = this.account;
        const application = new aws.codedeploy.Application(`${name}-application`, { computePlatform: "Server" }, { parent: this });
        const groups = pulumi.interpolate`arn:${partition}:codedeploy:${region}:${accountId}:deploymentgroup`;
        const { role, policy } = makeRole(`${name}-codedeploy`, {
            service: "codedeploy.amazonaws.com",
            when: onBehalfOf(this.account, pulumi.interpolate`${groups}:${application.name}/${args.deploymentGroupName}`),
            statements: codeDeployPolicy(args.autoScalingGroupArn, args.targetGroupArn),
        }, this);
        return new aws.codedeploy.DeploymentGroup(`${name}-group`, {
            appName: application.name,
            deploymentGroupName: args.deploymentGroupName,
            serviceRoleArn: role.arn,
            deploymentConfigName,
            deploymentStyle: { deploymentType: "IN_PLACE", deploymentOption: "WITH_TRAFFIC_CONTROL" },
            loadBalancerInfo: { targetGroupInfos: [{ name: args.targetGroupName }] },
            autoscalingGroups: [args.autoScalingGroupName],
            outdatedInstancesStrategy: "UPDATE",
            autoRollbackConfiguration: { enabled: true, events: ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"] },
            alarmConfiguration: { enabled: true, alarms: alarms.map(alarm => alarm.name) },
        }, { parent: this, dependsOn: after(opts, policy) });
    }

    /** Keeps the release for ever and makes it the current one; only then, and with the group in place, does anything start. */
    private publish(name: string, args: DeployPipelineArgs): Record<"release" | "trigger", aws.s3.BucketObjectv2> {
        const zip = { bucket: args.releaseBucketName, contentBase64: args.releaseZip, contentType: "application/zip" };
        const release = new aws.s3.BucketObjectv2(`${name}-release`, { ...zip, key: releaseKey(args.releaseVersion) }, {
            parent: this, retainOnDelete: true,
        });
        const trigger = new aws.s3.BucketObjectv2(`${name}-trigger`, { ...zip, key: triggerKey }, {
            parent: this, dependsOn: [release, this.deploymentGroup],
        });
        return { release, trigger };
    }

    private makePipeline(name: string, args: DeployPipelineArgs, trigger: aws.s3.BucketObjectv2): aws.codepipeline.Pipeline {
        const { appName: applicationName, deploymentGroupName } = this.deploymentGroup;
        const { role, policy } = makeRole(`${name}-codepipeline`, {
            service: "codepipeline.amazonaws.com",
            when: onBehalfOf(this.account),
            statements: pipelinePolicy({ ...args, account: this.account, applicationName, deploymentConfigName }),
        }, this);
        const aws1 = { owner: "AWS", version: "1" };
        return new aws.codepipeline.Pipeline(`${name}-pipeline`, {
            roleArn: role.arn,
            pipelineType: "V2",
            // Not SUPERSEDED: a release on its way is finished before the next one starts.
            executionMode: "QUEUED",
            artifactStores: [{ type: "S3", location: args.releaseBucketName }],
            stages: [
                {
                    name: "Source",
                    actions: [{
                        ...aws1, name: sourceAction, category: "Source", provider: "S3", outputArtifacts: ["release"],
                        // The event rule starts it; polling would start it a second time.
                        configuration: { S3Bucket: args.releaseBucketName, S3ObjectKey: triggerKey, PollForSourceChanges: "false" },
                    }],
                },
                {
                    name: "Deploy",
                    actions: [{
                        ...aws1, name: "Deploy", category: "Deploy", provider: "CodeDeploy", inputArtifacts: ["release"],
                        configuration: { ApplicationName: applicationName, DeploymentGroupName: deploymentGroupName },
                    }],
                },
            ],
        // Creating a pipeline starts it, so all that a deployment needs is there before; the trigger has waited for the rest.
        }, { parent: this, dependsOn: [policy, trigger] });
    }

    /** Made after the pipeline, whose creation has started the first execution already. */
    private startOnChange(name: string, { releaseBucketName }: DeployPipelineArgs): void {
        const parent = { parent: this };
        const rule = new aws.cloudwatch.EventRule(`${name}-change`, {
            description: "A new current release",
            eventPattern: pulumi.jsonStringify({
                source: ["aws.s3"],
                "detail-type": ["Object Created"],
                detail: { bucket: { name: [releaseBucketName] }, object: { key: [triggerKey] } },
            }),
        }, { ...parent, dependsOn: this.pipeline });
        const { role, policy } = makeRole(`${name}-events`, {
            service: "events.amazonaws.com",
            when: onBehalfOf(this.account, rule.arn),
            statements: [{ Effect: "Allow", Action: "codepipeline:StartPipelineExecution", Resource: this.pipeline.arn }],
        }, this);
        new aws.cloudwatch.EventTarget(`${name}-start`, {
            rule: rule.name,
            arn: this.pipeline.arn,
            roleArn: role.arn,
            // The very version that the event is about: of two quick releases, the first execution takes the first.
            inputTransformer: {
                inputPaths: { version: "$.detail.object.version-id" },
                inputTemplate: JSON.stringify({
                    sourceRevisions: [{ actionName: sourceAction, revisionType: "S3_OBJECT_VERSION_ID", revisionValue: "<version>" }],
                }),
            },
        }, { ...parent, dependsOn: policy });
    }
}
