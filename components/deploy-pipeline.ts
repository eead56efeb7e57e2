import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Colour } from "../release/blue-green/colour";
import { sourceAction } from "../release/pipeline-names";
import { defaults } from "../release/rollout";
import { triggerKey } from "../release/store-keys";
import { type Account, accountOf } from "./account";
import { check } from "./check";
import {
    alarmNumbers, defaultConfig, type DeployPipelineArgs, type DeployPipelineCommonArgs, deployPipelineRules, type TwoColoursArgs,
} from "./deploy-pipeline-args";
import { errorRateAlarm, latencyAlarm } from "./deployment-alarms";
import { deploymentConfigName } from "./deployment-config";
import { fleetsOf, greenGroupName, makeCodeDeployRole, makeDeploymentGroup, nameFor, type PipelineFleet } from "./deployment-group";
import { makeDeploymentRecord } from "./deployment-record";
import { tellOfFailures } from "./pipeline-notices";
import { pipelinePolicy } from "./pipeline-policies";
import { type DeployAndRecord, pipelineStages, type Roll } from "./pipeline-stages";
import { publish } from "./published-release";
import { makeRole, onBehalfOf, type RoleWithPolicy } from "./role";
import { makeRollProject } from "./roll-project";
import type { Deployments, RolledColours } from "./stage-policies";
import type { ToolProject } from "./tool-project";

/** What belongs to one colour. */
export interface PipelineColour {
    readonly deploymentGroup: aws.codedeploy.DeploymentGroup;
    readonly deploymentGroupName: pulumi.Output<string>;
    readonly deploymentGroupArn: pulumi.Output<string>;
    /** Alarms that speak against a release that serves there. */
    readonly alarmNames: pulumi.Output<string[]>;
}

/** How a release gets to the instances: some of them at a time, or all of an idle fleet; and back by itself when it is bad. */
export class DeployPipeline extends pulumi.ComponentResource {
    readonly pipelineName: pulumi.Output<string>;
    readonly pipelineArn: pulumi.Output<string>;
    readonly applicationName: pulumi.Output<string>;
    /** Where there are two, blue's, here and below. */
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
    /** Undefined where there is one fleet. */
    readonly colours: Readonly<Record<Colour, PipelineColour>> | undefined;
    /** All of this, for the policy of somebody who may follow deployments, or deploy. */
    readonly deployments: Deployments;
    readonly pipeline: aws.codepipeline.Pipeline;
    private readonly account: Account;

    /** What `opts.dependsOn` names, such as listeners and instances, comes before the first deployment. */
    constructor(name: string, args: DeployPipelineArgs, opts?: pulumi.ComponentResourceOptions) {
        super("gapless:index:DeployPipeline", name, args, opts);
        check(this, `DeployPipeline '${name}'`, deployPipelineRules(args));

        this.account = accountOf(this);
        const { first, green } = fleetsOf(args);
        this.deploymentConfigName = pulumi.output(configName(name, args, this));
        const application = new aws.codedeploy.Application(`${name}-application`, { computePlatform: "Server" }, { parent: this });
        const role = makeCodeDeployRole(name, args, { account: this.account, applicationName: application.name }, this);
        const deployTo = (fleet: PipelineFleet) => this.deployTo(name, args, fleet, { role, applicationName: application.name }, opts);
        const one = deployTo(first);
        const two = green && deployTo(green);
        this.deployments = deploymentsOf(args, application.name, this.deploymentConfigName);
        const groups = [one, two].filter(made => made !== undefined).map(({ deploymentGroup }) => deploymentGroup);
        const published = args.release && publish(name, args.releaseBucketName, args.release, { parent: this, needs: groups });
        this.pipeline = this.makePipeline(name, args, [...groups, ...(published ? [published.trigger] : [])]);
        this.startOnChange(name, args);
        if (args.notificationTopicArn !== undefined) tellOfFailures(name, this.pipeline, args.notificationTopicArn, this);

        this.pipelineName = this.pipeline.name;
        this.pipelineArn = this.pipeline.arn;
        this.applicationName = one.deploymentGroup.appName;
        this.deploymentGroup = one.deploymentGroup;
        this.deploymentGroupName = one.deploymentGroupName;
        this.deploymentGroupArn = one.deploymentGroupArn;
        this.releaseKey = published?.release.key;
        this.releaseObjectVersion = published?.release.versionId;
        this.triggerObjectVersion = published?.trigger.versionId;
        this.alarmNames = one.alarmNames;
        this.colours = two && { blue: one, green: two };
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
            ...(this.colours && { colours: this.colours }),
        });
    }

    private deployTo(
        name: string, args: DeployPipelineArgs, fleet: PipelineFleet,
        { role, applicationName }: { readonly role: RoleWithPolicy; readonly applicationName: pulumi.Input<string> }, opts: pulumi.ResourceOptions | undefined,
    ): PipelineColour {
        const { notificationTopicArn } = args;
        const alarms = this.watch(name, args, fleet);
        const deploymentGroup = makeDeploymentGroup(name, fleet, {
            role, applicationName, alarms, notificationTopicArn, deploymentConfigName: this.deploymentConfigName,
        }, this, opts);
        return {
            deploymentGroup,
            deploymentGroupName: deploymentGroup.deploymentGroupName,
            deploymentGroupArn: deploymentGroup.arn,
            alarmNames: pulumi.all(alarms.map(alarm => alarm.name)),
        };
    }

    /** Only what the service's users feel: missing instances or a full disk must not keep a deployment from starting. */
    private watch(name: string, args: DeployPipelineArgs, fleet: PipelineFleet): readonly aws.cloudwatch.MetricAlarm[] {
        const { errorRatePercent, alarmMinimumRequests: minimumRequests } = alarmNumbers(args);
        const { p99Seconds = defaults.longestRequestSeconds, sharedLoadBalancer = false, notificationTopicArn } = args;
        const target = {
            loadBalancer: args.loadBalancerDimension, targetGroup: fleet.targetGroupDimension, minimumRequests,
            // With two colours what the load balancer says in place of one may be about the other.
            shared: sharedLoadBalancer || fleet.colour !== undefined,
        };
        const told = notificationTopicArn === undefined ? {} : { alarmActions: [notificationTopicArn], okActions: [notificationTopicArn] };
        return [
            new aws.cloudwatch.MetricAlarm(nameFor(fleet, `${name}-errors`), { ...errorRateAlarm(target, errorRatePercent), ...told }, { parent: this }),
            new aws.cloudwatch.MetricAlarm(nameFor(fleet, `${name}-latency`), { ...latencyAlarm(target, p99Seconds), ...told }, { parent: this }),
        ];
    }

    private makePipeline(name: string, args: DeployPipelineArgs, before: readonly pulumi.Resource[]): aws.codepipeline.Pipeline {
        const { releaseBucketName, releaseBucketArn, approval = false, notificationTopicArn } = args;
        const approvalTopicArn = approval ? notificationTopicArn : undefined;
        const { build: { project, before: beforeBuild }, way, deployments } = this.makeBuild(name, args);
        const { role, policy } = makeRole(`${name}-codepipeline`, {
            service: "codepipeline.amazonaws.com",
            // No pipeline named: AWS says which `aws:SourceArn` CodeDeploy and CodeBuild send, but nothing of CodePipeline.
            // https://docs.aws.amazon.com/codepipeline/latest/userguide/how-to-custom-role.html
            when: onBehalfOf(this.account),
            statements: pipelinePolicy({ account: this.account, releaseBucketArn, deployments, projectArn: project.arn, approvalTopicArn }),
        }, this);
        return new aws.codepipeline.Pipeline(pipelineLogicalName(name), {
            roleArn: role.arn,
            pipelineType: "V2",
            // Not SUPERSEDED: a release on its way is finished before the next one starts.
            executionMode: "QUEUED",
            artifactStores: [{ type: "S3", location: releaseBucketName }],
            stages: pipelineStages({ releaseBucketName, approval, approvalTopicArn, way }),
        // Creating a pipeline starts it, so all that a deployment needs is there before; the groups have waited for the rest.
        }, { parent: this, dependsOn: [...before, policy, ...beforeBuild] });
    }

    /** What the pipeline does with a release: CodeDeploy's action, and a build that writes down what came of it; or a build that does all of it. */
    private makeBuild(name: string, args: DeployPipelineArgs): PipelineBuild {
        const { releaseBucketName, releaseBucketArn } = args;
        const around = { account: this.account, releaseBucketName, releaseBucketArn, pipelineLogicalName: pipelineLogicalName(name), toolLogicalName: `${name}-tool` };
        if (args.blueGreen) {
            const deployments = { ...this.deployments, blueGreen: coloursOf(args) };
            const build = makeRollProject(`${name}-roll`, args.blueGreen.roll, { ...around, deployments }, this);
            return { build, way: { rollProjectName: build.project.name }, deployments: undefined };
        }
        const { deployments } = this;
        const { applicationName, deploymentGroupName } = deployments;
        const build = makeDeploymentRecord(`${name}-record`, args.record, { ...around, deployments }, this);
        return { build, way: { applicationName, deploymentGroupName, recordProjectName: build.project.name }, deployments };
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

interface PipelineBuild {
    readonly build: ToolProject;
    readonly way: DeployAndRecord | Roll;
    /** Where the pipeline itself deploys to. */
    readonly deployments: Deployments | undefined;
}

/** Of two colours the usual one, too, though a roll names another: it is for what is deployed while a stack becomes one of two colours. */
function configName(name: string, { deploymentConfig = defaultConfig }: DeployPipelineArgs, parent: pulumi.Resource): pulumi.Input<string> {
    return deploymentConfigName(name, deploymentConfig, parent);
}

/** What a roll names when it makes its deployment: nobody is served by the idle fleet, so all of it at once. */
const configOfRolls = "CodeDeployDefault.AllAtOnce";

/** Not by the groups, which wait for the fleets: IAM takes a while to let everybody know, and the first execution starts at once. */
function deploymentsOf(args: DeployPipelineArgs, applicationName: pulumi.Input<string>, deploymentConfigName: pulumi.Input<string>): Deployments {
    const { deploymentGroupName } = args;
    if (!args.blueGreen) return { applicationName, deploymentGroupName, deploymentConfigName };
    return { applicationName, deploymentGroupName, deploymentConfigName: configOfRolls, blueGreen: coloursOf(args) };
}

function coloursOf({ deploymentGroupName, target, blueGreen }: DeployPipelineCommonArgs & TwoColoursArgs): RolledColours {
    const { weights, roll: { distributionArn } } = blueGreen;
    return {
        weights,
        deploymentGroupNames: { blue: deploymentGroupName, green: greenGroupName(deploymentGroupName) },
        autoScalingGroupArns: { blue: target.autoScalingGroupArn, green: blueGreen.target.autoScalingGroupArn },
        ...(distributionArn !== undefined && { distributionArn }),
    };
}

function pipelineLogicalName(name: string): string {
    return `${name}-pipeline`;
}
