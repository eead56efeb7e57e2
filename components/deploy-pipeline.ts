import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { sourceAction } from "../release/pipeline-names";
import { defaults } from "../release/rollout";
import { triggerKey } from "../release/store-keys";
import { type Account, accountOf } from "./account";
import { after } from "./after";
import { check } from "./check";
import { errorRateAlarm, latencyAlarm } from "./deployment-alarms";
import { type DeploymentConfigChoice, deploymentConfigName, deploymentConfigRules } from "./deployment-config";
import { type DeploymentRecord, makeDeploymentRecord, type RecordArgs, recordRules } from "./deployment-record";
import { type DeploymentTarget, targetArgs, targetRules } from "./deployment-target";
import { tellOfFailures } from "./pipeline-notices";
import { codeDeployPolicy, pipelinePolicy } from "./pipeline-policies";
import { pipelineStages } from "./pipeline-stages";
import { publish, type ReleaseToPublish } from "./published-release";
import { makeRole, onBehalfOf } from "./role";

export interface DeployPipelineArgs {
    /** Name of the CodeDeploy group: the stage, which tells the hook scripts which compose file to take. */
    readonly deploymentGroupName: string;
    /** Instances that get the releases. */
    readonly target: DeploymentTarget;
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
    /** What is done when a release serves. */
    readonly record: RecordArgs;
    /**
     * Release to deploy. @default none: others publish. AWS starts a pipeline when it is made, so its first execution then
     * fails at its source, and it waits for the first upload.
     */
    readonly release?: ReleaseToPublish;
    /** Instances that a deployment takes out at a time. @default HalfAtATime */
    readonly deploymentConfig?: DeploymentConfigChoice;
    /**
     * Whether a person must agree before a release is deployed. Releases behind one that waits for that wait, too; AWS gives
     * up after 7 days. @default false
     */
    readonly approval?: boolean;
    /** SNS topic that is told of failures, of the two alarms, and of releases that wait for approval. @default nobody is told */
    readonly notificationTopicArn?: pulumi.Input<string>;
    /** Share of failed requests that stops a deployment, in percent. @default 5 */
    readonly errorRatePercent?: number;
    /** 99th percentile of the answer time that stops a deployment, in seconds. @default 10, as long as the slowest request may take */
    readonly p99Seconds?: number;
    /** Requests a minute below which the two alarms stay silent. @default 50 */
    readonly alarmMinimumRequests?: number;
}

/** How a release gets to the instances: some of them at a time, and back by itself when it is bad. */
export class DeployPipeline extends pulumi.ComponentResource {
    readonly pipelineName: pulumi.Output<string>;
    readonly pipelineArn: pulumi.Output<string>;
    readonly applicationName: pulumi.Output<string>;
    readonly deploymentGroupName: pulumi.Output<string>;
    readonly deploymentGroupArn: pulumi.Output<string>;
    readonly deploymentConfigName: pulumi.Output<string>;
    /** Key of the published release in the bucket; undefined where others publish. */
    readonly releaseKey: pulumi.Output<string> | undefined;
    /** Version of the published release's object in the bucket; undefined where others publish. */
    readonly releaseObjectVersion: pulumi.Output<string> | undefined;
    /** Version under which the release was made the current one, the pipeline's source revision; undefined where others publish. */
    readonly triggerObjectVersion: pulumi.Output<string> | undefined;
    /** Alarms that stop a deployment, and that keep one from starting. */
    readonly alarmNames: pulumi.Output<string[]>;
    readonly deploymentGroup: aws.codedeploy.DeploymentGroup;
    readonly pipeline: aws.codepipeline.Pipeline;
    private readonly account: Account;

    /** What `opts.dependsOn` names, such as listeners and instances, comes before the first deployment. */
    constructor(name: string, args: DeployPipelineArgs, opts?: pulumi.ComponentResourceOptions) {
        super("gapless:index:DeployPipeline", name, args, opts);
        const { deploymentConfig = "HalfAtATime" } = args;
        check(this, `DeployPipeline '${name}'`, [
            !/^[A-Za-z0-9]/.test(args.deploymentGroupName) &&
                `deploymentGroupName must begin with a letter or digit, got '${args.deploymentGroupName}'`,
            ...targetRules(args.target),
            ...deploymentConfigRules(deploymentConfig),
            ...recordRules(args.record),
            ...alarmRules(args),
        ]);

        this.account = accountOf(this);
        const alarms = this.watch(name, args);
        this.deploymentConfigName = pulumi.output(deploymentConfigName(name, deploymentConfig, this));
        const application = new aws.codedeploy.Application(`${name}-application`, { computePlatform: "Server" }, { parent: this });
        this.deploymentGroup = this.makeDeploymentGroup(name, args, application, alarms, opts);
        const published = args.release && publish(name, args.releaseBucketName, args.release, { parent: this, needs: this.deploymentGroup });
        const record = makeDeploymentRecord(`${name}-record`, args.record, {
            ...args, account: this.account, pipelineLogicalName: pipelineLogicalName(name),
            // Not by the group, which waits for the fleet.
            deployments: { applicationName: application.name, deploymentGroupName: args.deploymentGroupName },
        }, this);
        this.pipeline = this.makePipeline(name, args, application, record, published?.trigger);
        this.startOnChange(name, args);
        if (args.notificationTopicArn !== undefined) tellOfFailures(name, this.pipeline, args.notificationTopicArn, this);

        this.pipelineName = this.pipeline.name;
        this.pipelineArn = this.pipeline.arn;
        this.applicationName = this.deploymentGroup.appName;
        this.deploymentGroupName = this.deploymentGroup.deploymentGroupName;
        this.deploymentGroupArn = this.deploymentGroup.arn;
        this.releaseKey = published?.release.key;
        this.releaseObjectVersion = published?.release.versionId;
        this.triggerObjectVersion = published?.trigger.versionId;
        this.alarmNames = pulumi.all(alarms.map(alarm => alarm.name));
        this.registerOutputs({
            pipelineName: this.pipelineName,
            pipelineArn: this.pipelineArn,
            applicationName: this.applicationName,
            deploymentGroupName: this.deploymentGroupName,
            deploymentGroupArn: this.deploymentGroupArn,
            deploymentConfigName: this.deploymentConfigName,
            releaseKey: this.releaseKey,
            releaseObjectVersion: this.releaseObjectVersion,
            triggerObjectVersion: this.triggerObjectVersion,
            alarmNames: this.alarmNames,
            deploymentGroup: this.deploymentGroup,
            pipeline: this.pipeline,
        });
    }

    /** Only what the service's users feel: missing instances or a full disk must not keep a deployment from starting. */
    private watch(name: string, args: DeployPipelineArgs): readonly aws.cloudwatch.MetricAlarm[] {
        const { errorRatePercent, alarmMinimumRequests: minimumRequests } = alarmNumbers(args);
        const { p99Seconds = defaults.longestRequestSeconds, sharedLoadBalancer: shared = false } = args;
        const target = { loadBalancer: args.loadBalancerDimension, targetGroup: args.targetGroupDimension, minimumRequests, shared };
        const told = args.notificationTopicArn === undefined ? {} : { alarmActions: [args.notificationTopicArn], okActions: [args.notificationTopicArn] };
        return [
            new aws.cloudwatch.MetricAlarm(`${name}-errors`, { ...errorRateAlarm(target, errorRatePercent), ...told }, { parent: this }),
            new aws.cloudwatch.MetricAlarm(`${name}-latency`, { ...latencyAlarm(target, p99Seconds), ...told }, { parent: this }),
        ];
    }

    private makeDeploymentGroup(
        name: string, args: DeployPipelineArgs, application: aws.codedeploy.Application, alarms: readonly aws.cloudwatch.MetricAlarm[],
        opts: pulumi.ResourceOptions | undefined,
    ): aws.codedeploy.DeploymentGroup {
        const { partition, region, accountId } = this.account;
        const { target, targetGroupArn, notificationTopicArn } = args;
        const groups = pulumi.interpolate`arn:${partition}:codedeploy:${region}:${accountId}:deploymentgroup`;
        const { role, policy } = makeRole(`${name}-codedeploy`, {
            service: "codedeploy.amazonaws.com",
            when: onBehalfOf(this.account, pulumi.interpolate`${groups}:${application.name}/${args.deploymentGroupName}`),
            statements: codeDeployPolicy({ target, targetGroupArn, notificationTopicArn }),
        }, this);
        return new aws.codedeploy.DeploymentGroup(`${name}-group`, {
            appName: application.name,
            deploymentGroupName: args.deploymentGroupName,
            serviceRoleArn: role.arn,
            deploymentConfigName: this.deploymentConfigName,
            deploymentStyle: { deploymentType: "IN_PLACE", deploymentOption: "WITH_TRAFFIC_CONTROL" },
            loadBalancerInfo: { targetGroupInfos: [{ name: args.targetGroupName }] },
            ...targetArgs(target),
            outdatedInstancesStrategy: "UPDATE",
            autoRollbackConfiguration: { enabled: true, events: ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"] },
            alarmConfiguration: { enabled: true, alarms: alarms.map(alarm => alarm.name) },
            ...(notificationTopicArn !== undefined && { triggerConfigurations: [failureTrigger(notificationTopicArn)] }),
        }, { parent: this, dependsOn: after(opts, policy) });
    }

    private makePipeline(
        name: string, args: DeployPipelineArgs, application: aws.codedeploy.Application,
        record: DeploymentRecord, trigger: aws.s3.BucketObjectv2 | undefined,
    ): aws.codepipeline.Pipeline {
        const { releaseBucketName, deploymentGroupName, approval = false, notificationTopicArn } = args;
        const approvalTopicArn = approval ? notificationTopicArn : undefined;
        // Not by the group, which waits for the fleet: IAM takes a while to let everybody know, and the first execution starts at once.
        const applicationName = application.name;
        const { role, policy } = makeRole(`${name}-codepipeline`, {
            service: "codepipeline.amazonaws.com",
            // No pipeline named: AWS says which `aws:SourceArn` CodeDeploy and CodeBuild send, but nothing of CodePipeline.
            // https://docs.aws.amazon.com/codepipeline/latest/userguide/how-to-custom-role.html
            when: onBehalfOf(this.account),
            statements: pipelinePolicy({
                ...args, account: this.account, applicationName, deploymentConfigName: this.deploymentConfigName,
                recordProjectArn: record.project.arn, approvalTopicArn,
            }),
        }, this);
        return new aws.codepipeline.Pipeline(pipelineLogicalName(name), {
            roleArn: role.arn,
            pipelineType: "V2",
            // Not SUPERSEDED: a release on its way is finished before the next one starts.
            executionMode: "QUEUED",
            artifactStores: [{ type: "S3", location: releaseBucketName }],
            stages: pipelineStages({
                releaseBucketName, applicationName, deploymentGroupName, approval, approvalTopicArn, recordProjectName: record.project.name,
            }),
        // Creating a pipeline starts it, so all that a deployment needs is there before; the group has waited for the rest.
        }, { parent: this, dependsOn: [this.deploymentGroup, policy, ...record.before, trigger].filter(resource => resource !== undefined) });
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

function pipelineLogicalName(name: string): string {
    return `${name}-pipeline`;
}

function alarmNumbers({ errorRatePercent = 5, alarmMinimumRequests = 50 }: DeployPipelineArgs) {
    return { errorRatePercent, alarmMinimumRequests };
}

function alarmRules(args: DeployPipelineArgs): (string | false)[] {
    const { errorRatePercent, alarmMinimumRequests } = alarmNumbers(args);
    return [
        (errorRatePercent < 0 || errorRatePercent > 100) && `errorRatePercent must be 0 to 100, got ${errorRatePercent}`,
        alarmMinimumRequests < 1 && `alarmMinimumRequests must be 1 or more, got ${alarmMinimumRequests}`,
    ];
}

/** Also of a single instance: half of the others make the deployment a success all the same. */
function failureTrigger(triggerTargetArn: pulumi.Input<string>) {
    return {
        triggerName: "failures",
        triggerEvents: ["DeploymentFailure", "DeploymentStop", "DeploymentRollback", "InstanceFailure"],
        triggerTargetArn,
    };
}
