import assert from "node:assert/strict";
import { DeployPipeline, type DeployPipelineArgs } from "../../components";
import { accountId, region } from "../../rehearsal/program/stand-ins";
import { allows, denies, type Request } from "../support/iam";
import { registered, type Registered } from "../support/registered";
import { pipelineArgs } from "./sample";

const build = (args: Partial<DeployPipelineArgs> = {}): Promise<Registered> =>
    registered(() => { new DeployPipeline("web", { ...pipelineArgs, ...args }); });

describe("DeployPipeline", () => {
    let made: Registered;
    before(async () => { made = await build(); });

    it("deploys in place, half at a time, behind the load balancer, and takes a bad release back", () => {
        assert.deepEqual(made.named("web-group").inputs, {
            appName: made.named("web-application").outputs["name"],
            deploymentGroupName: "dev",
            serviceRoleArn: made.named("web-codedeploy-role").outputs["arn"],
            deploymentConfigName: "CodeDeployDefault.HalfAtATime",
            deploymentStyle: { deploymentType: "IN_PLACE", deploymentOption: "WITH_TRAFFIC_CONTROL" },
            loadBalancerInfo: { targetGroupInfos: [{ name: "web-1" }] },
            autoscalingGroups: ["hosts-1"],
            outdatedInstancesStrategy: "UPDATE",
            autoRollbackConfiguration: { enabled: true, events: ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"] },
            alarmConfiguration: {
                enabled: true, alarms: [made.named("web-errors").outputs["name"], made.named("web-latency").outputs["name"]],
            },
        });
        assert.deepEqual(made.named("web-application").inputs, { computePlatform: "Server" });
    });

    it("keeps the release under its version for ever and publishes a copy as the current one", () => {
        const zip = { bucket: "releases-1", contentBase64: "emlw", contentType: "application/zip" };
        assert.deepEqual(made.named("web-release").inputs, { ...zip, key: "releases/0123456789ab.zip" });
        assert.deepEqual(made.named("web-trigger").inputs, { ...zip, key: "releases/current.zip" });
        assert.deepEqual(made.all.filter(resource => resource.retainOnDelete).map(resource => resource.name), ["web-release"]);
    });

    it("runs one release after the other from the current one, without polling", () => {
        const pipeline = made.named("web-pipeline");
        assert.deepEqual(pipeline.inputs, {
            roleArn: made.named("web-codepipeline-role").outputs["arn"],
            pipelineType: "V2",
            executionMode: "QUEUED",
            artifactStores: [{ type: "S3", location: "releases-1" }],
            stages: [
                {
                    name: "Source",
                    actions: [{
                        owner: "AWS", version: "1", name: "Source", category: "Source", provider: "S3", outputArtifacts: ["release"],
                        configuration: { S3Bucket: "releases-1", S3ObjectKey: "releases/current.zip", PollForSourceChanges: "false" },
                    }],
                },
                {
                    name: "Deploy",
                    actions: [{
                        owner: "AWS", version: "1", name: "Deploy", category: "Deploy", provider: "CodeDeploy", inputArtifacts: ["release"],
                        configuration: { ApplicationName: made.named("web-application").outputs["name"], DeploymentGroupName: "dev" },
                    }],
                },
            ],
        });
    });

    it("starts for exactly the trigger's key and hands on the version of that very upload", () => {
        const { eventPattern, ...rule } = made.named("web-change").inputs;
        assert.deepEqual(rule, { description: "A new current release" });
        assert.deepEqual(JSON.parse(String(eventPattern)), {
            source: ["aws.s3"],
            "detail-type": ["Object Created"],
            detail: { bucket: { name: ["releases-1"] }, object: { key: ["releases/current.zip"] } },
        });
        assert.deepEqual(made.named("web-start").inputs, {
            rule: made.named("web-change").outputs["name"],
            arn: made.named("web-pipeline").outputs["arn"],
            roleArn: made.named("web-events-role").outputs["arn"],
            inputTransformer: {
                inputPaths: { version: "$.detail.object.version-id" },
                inputTemplate: '{"sourceRevisions":[{"actionName":"Source","revisionType":"S3_OBJECT_VERSION_ID","revisionValue":"<version>"}]}',
            },
        });
    });

    describe("its alarms", () => {
        const balancer = { LoadBalancer: "app/web/2" };
        const targets = { ...balancer, TargetGroup: "targetgroup/web-1/1" };
        const metric = (id: string, metricName: string, stat: string, dimensions: object = targets) => ({
            id, returnData: false, metric: { namespace: "AWS/ApplicationELB", metricName, stat, period: 60, dimensions },
        });
        const common = { comparisonOperator: "GreaterThanThreshold", treatMissingData: "notBreaching" };

        it("watch the share of requests that the service or, in its place, the load balancer answered with 5xx, silent when there are few", () => {
            assert.deepEqual(made.named("web-errors").inputs, {
                ...common,
                evaluationPeriods: 1,
                alarmDescription: "Share of requests that were answered with 5xx, in percent",
                threshold: 5,
                metricQueries: [
                    metric("requests", "RequestCount", "Sum"),
                    metric("errors", "HTTPCode_Target_5XX_Count", "Sum"),
                    metric("unanswered", "HTTPCode_ELB_5XX_Count", "Sum", balancer),
                    { id: "asked", returnData: false, expression: "FILL(requests, 0) + FILL(unanswered, 0)" },
                    { id: "failed", returnData: false, expression: "FILL(errors, 0) + FILL(unanswered, 0)" },
                    { id: "result", returnData: true, expression: "IF(asked >= 50, 100 * failed / asked, 0)" },
                ],
            });
        });

        it("watch the slowest hundredth of the requests for more than one slow minute, silent when there are few", async () => {
            const made = await build({ alarmMinimumRequests: 200, p99Seconds: 3 });
            assert.deepEqual(made.named("web-latency").inputs, {
                ...common,
                evaluationPeriods: 3,
                datapointsToAlarm: 2,
                alarmDescription: "99th percentile of the service's answer time, in seconds",
                threshold: 3,
                metricQueries: [
                    metric("requests", "RequestCount", "Sum"),
                    metric("latency", "TargetResponseTime", "p99"),
                    { id: "result", returnData: true, expression: "IF(requests >= 200, latency, 0)" },
                ],
            });
        });

        it("take their thresholds from the arguments, else from the slowest request that is expected", async () => {
            assert.equal((await build({ errorRatePercent: 1 })).named("web-errors").inputs["threshold"], 1);
            assert.equal(made.named("web-latency").inputs["threshold"], 10);
        });

        it("are the only two there are", () => {
            const alarms = made.ofType("aws:cloudwatch/metricAlarm:MetricAlarm");
            assert.deepEqual(alarms.map(alarm => alarm.name).sort(), ["web-errors", "web-latency"]);
            assert.deepEqual(made.named("web").outputs["alarmNames"], ["web-errors", "web-latency"].map(name => made.named(name).outputs["name"]));
        });
    });

    describe("each role", () => {
        const trusted = (role: string, service: string, context: Record<string, string>) =>
            allows(made.named(role).inputs["assumeRolePolicy"], { action: "sts:AssumeRole", service, context });

        it("of CodeDeploy is for its one deployment group", () => {
            const application = String(made.named("web-application").outputs["name"]);
            const group = (name: string) => ({
                "aws:SourceAccount": accountId, "aws:SourceArn": `arn:aws:codedeploy:${region}:${accountId}:deploymentgroup:${name}`,
            });
            assert.equal(trusted("web-codedeploy-role", "codedeploy.amazonaws.com", group(`${application}/dev`)), true);
            assert.equal(trusted("web-codedeploy-role", "codedeploy.amazonaws.com", group(`${application}/prod`)), false);
            assert.equal(trusted("web-codedeploy-role", "codedeploy.amazonaws.com", group("other/dev")), false);
            assert.equal(trusted("web-codedeploy-role", "codepipeline.amazonaws.com", group(`${application}/dev`)), false);
        });

        it("of CodePipeline is for this account", () => {
            assert.equal(trusted("web-codepipeline-role", "codepipeline.amazonaws.com", { "aws:SourceAccount": accountId }), true);
            assert.equal(trusted("web-codepipeline-role", "codepipeline.amazonaws.com", { "aws:SourceAccount": "999999999999" }), false);
        });

        it("of EventBridge is for its one rule", () => {
            const arn = String(made.named("web-change").outputs["arn"]);
            const rule = (arn: string) => ({ "aws:SourceAccount": accountId, "aws:SourceArn": arn });
            assert.equal(trusted("web-events-role", "events.amazonaws.com", rule(arn)), true);
            assert.equal(trusted("web-events-role", "events.amazonaws.com", rule(`${arn}-2`)), false);
        });
    });

    describe("permissions", () => {
        const check = (policy: unknown, wanted: boolean, requests: readonly Request[]) => {
            for (const request of requests) assert.equal(allows(policy, request), wanted, JSON.stringify(request));
        };
        const mine = { context: { "aws:ResourceAccount": accountId } };

        it("let CodeDeploy hook into its group and move its targets, and nobody else's", () => {
            const policy = made.named("web-codedeploy-policy").inputs["policy"];
            check(policy, true, [
                { action: "autoscaling:PutLifecycleHook", resource: pipelineArgs.autoScalingGroupArn as string },
                { action: "autoscaling:CompleteLifecycleAction", resource: pipelineArgs.autoScalingGroupArn as string },
                { action: "elasticloadbalancing:RegisterTargets", resource: pipelineArgs.targetGroupArn as string },
                { action: "elasticloadbalancing:DeregisterTargets", resource: pipelineArgs.targetGroupArn as string },
                { action: "elasticloadbalancing:DescribeTargetHealth" },
                { action: "cloudwatch:DescribeAlarms" },
            ]);
            check(policy, false, [
                { action: "autoscaling:PutLifecycleHook", resource: `${pipelineArgs.autoScalingGroupArn as string}-2` },
                { action: "elasticloadbalancing:DeregisterTargets", resource: `${pipelineArgs.targetGroupArn as string}2` },
                { action: "autoscaling:DeleteAutoScalingGroup", resource: pipelineArgs.autoScalingGroupArn as string },
                { action: "ec2:TerminateInstances" },
            ]);
        });

        it("let the pipeline read the trigger, keep its copies and deploy to its one group", () => {
            const policy = made.named("web-codepipeline-policy").inputs["policy"];
            const codeDeploy = `arn:aws:codedeploy:${region}:${accountId}`;
            const application = String(made.named("web-application").outputs["name"]);
            check(policy, true, [
                { action: "s3:GetBucketVersioning", resource: "arn:aws:s3:::releases-1", ...mine },
                { action: "s3:GetObjectVersion", resource: "arn:aws:s3:::releases-1/releases/current.zip", ...mine },
                { action: "s3:PutObject", resource: "arn:aws:s3:::releases-1/web-pipeline/release/AbCdEf", ...mine },
                { action: "codedeploy:RegisterApplicationRevision", resource: `${codeDeploy}:application:${application}` },
                { action: "codedeploy:CreateDeployment", resource: `${codeDeploy}:deploymentgroup:${application}/dev` },
                { action: "codedeploy:GetDeploymentConfig", resource: `${codeDeploy}:deploymentconfig:CodeDeployDefault.HalfAtATime` },
            ]);
            check(policy, false, [
                { action: "s3:GetObject", resource: "arn:aws:s3:::releases-1/releases/current.zip", context: { "aws:ResourceAccount": "999999999999" } },
                { action: "s3:GetObject", resource: "arn:aws:s3:::releases-2/releases/current.zip", ...mine },
                { action: "codedeploy:CreateDeployment", resource: `${codeDeploy}:deploymentgroup:${application}/prod` },
                { action: "codedeploy:GetDeploymentConfig", resource: `${codeDeploy}:deploymentconfig:CodeDeployDefault.AllAtOnce` },
                { action: "iam:PassRole" },
            ]);
        });

        it("keep the pipeline from overwriting a release or a tool", () => {
            const policy = made.named("web-codepipeline-policy").inputs["policy"];
            for (const key of ["releases/0123456789ab.zip", "releases/current.zip", "tools/docker-compose"]) {
                assert.equal(denies(policy, { action: "s3:PutObject", resource: `arn:aws:s3:::releases-1/${key}`, ...mine }), true, key);
            }
        });

        it("let EventBridge start this pipeline only", () => {
            const policy = made.named("web-events-policy").inputs["policy"];
            const arn = String(made.named("web-pipeline").outputs["arn"]);
            check(policy, true, [{ action: "codepipeline:StartPipelineExecution", resource: arn }]);
            check(policy, false, [
                { action: "codepipeline:StartPipelineExecution", resource: `${arn}-2` },
                { action: "codepipeline:StopPipelineExecution", resource: arn },
            ]);
        });
    });

    it("tells the names that an operator needs", () => {
        const { pipelineName, applicationName, deploymentGroupName, releaseKey, releaseObjectVersion } = made.named("web").outputs;
        assert.deepEqual({ pipelineName, applicationName, deploymentGroupName, releaseKey, releaseObjectVersion }, {
            pipelineName: made.named("web-pipeline").outputs["name"],
            applicationName: made.named("web-application").outputs["name"],
            deploymentGroupName: "dev",
            releaseKey: "releases/0123456789ab.zip",
            releaseObjectVersion: made.named("web-release").outputs["versionId"],
        });
    });

    it("refuses all wrong arguments in one error", async () => {
        await assert.rejects(build({ deploymentGroupName: "-blue", errorRatePercent: 101, alarmMinimumRequests: 0 }), {
            message:
                "DeployPipeline 'web': deploymentGroupName must begin with a letter or digit, got '-blue'; " +
                "errorRatePercent must be 0 to 100, got 101; alarmMinimumRequests must be 1 or more, got 0",
        });
    });
});
