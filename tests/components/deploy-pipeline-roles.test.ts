import assert from "node:assert/strict";
import { accountId, region } from "../../rehearsal/program/stand-ins";
import { allows, denies, type Request } from "../support/iam";
import type { Registered } from "../support/registered";
import { buildPipeline as build, recordArgs, topicArn } from "./deploy-pipeline-sample";
import { pipelineArgs } from "./sample";

const groupArn = "arn:aws:autoscaling:eu-central-1:111122223333:autoScalingGroup:uuid:autoScalingGroupName/hosts-1";

describe("DeployPipeline's roles", () => {
    let made: Registered;
    let full: Registered;
    before(async () => {
        made = await build();
        full = await build({ record: recordArgs, notificationTopicArn: topicArn });
    });

    describe("are trusted, each of them:", () => {
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

    const check = (policy: unknown, wanted: boolean, resource: string, actions: readonly string[], context?: Request["context"]) => {
        for (const action of actions) {
            assert.equal(allows(policy, { action, resource, ...(context && { context }) }), wanted, `${action} on ${resource}`);
        }
    };
    const policyOf = (made: Registered, role: string) => made.named(`web-${role}-policy`).inputs["policy"];
    const mine = { "aws:ResourceAccount": accountId };

    describe("of CodeDeploy", () => {
        const targets = pipelineArgs.targetGroupArn as string;
        const reads = [
            "autoscaling:DescribeAutoScalingGroups", "autoscaling:DescribeLifecycleHooks", "cloudwatch:DescribeAlarms",
            "ec2:DescribeInstances", "ec2:DescribeInstanceStatus", "elasticloadbalancing:DescribeLoadBalancerAttributes",
            "elasticloadbalancing:DescribeLoadBalancers", "elasticloadbalancing:DescribeTargetGroupAttributes",
            "elasticloadbalancing:DescribeTargetGroups", "elasticloadbalancing:DescribeTargetHealth", "tag:GetResources",
        ];
        const moves = ["elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"];
        const hooks = [
            "autoscaling:CompleteLifecycleAction", "autoscaling:DeleteLifecycleHook", "autoscaling:PutLifecycleHook",
            "autoscaling:RecordLifecycleActionHeartbeat",
        ];

        it("looks at what it deploys to, and moves the targets of its one group", () => {
            const policy = policyOf(made, "codedeploy");
            check(policy, true, "*", reads);
            check(policy, true, targets, moves);
            check(policy, false, `${targets}2`, moves);
        });

        it("hooks into its one Auto Scaling group, of which it deletes nothing", () => {
            const policy = policyOf(made, "codedeploy");
            check(policy, true, groupArn, hooks);
            check(policy, false, `${groupArn}-2`, hooks);
            check(policy, false, groupArn, ["autoscaling:DeleteAutoScalingGroup", "autoscaling:UpdateAutoScalingGroup", "autoscaling:SuspendProcesses"]);
            check(policy, false, "*", ["ec2:TerminateInstances", "ec2:RunInstances", "ec2:CreateTags", "iam:PassRole"]);
        });

        it("hooks into no group at all where instances are found by tags", async () => {
            const policy = policyOf(await build({ target: { instanceTags: { stage: "dev" } } }), "codedeploy");
            check(policy, false, groupArn, hooks);
            check(policy, false, "*", hooks);
            check(policy, true, targets, moves);
            check(policy, true, "*", reads);
        });

        it("tells its one topic, if there is one", () => {
            check(policyOf(full, "codedeploy"), true, topicArn, ["sns:Publish"]);
            check(policyOf(full, "codedeploy"), false, `${topicArn}2`, ["sns:Publish"]);
            check(policyOf(full, "codedeploy"), false, topicArn, ["sns:Subscribe", "sns:SetTopicAttributes"]);
            check(policyOf(made, "codedeploy"), false, topicArn, ["sns:Publish"]);
            check(policyOf(made, "codedeploy"), false, "*", ["sns:Publish"]);
        });
    });

    describe("of CodePipeline", () => {
        const codeDeploy = `arn:aws:codedeploy:${region}:${accountId}`;
        const bucket = "arn:aws:s3:::releases-1";
        const reads = ["s3:GetObject", "s3:GetObjectTagging", "s3:GetObjectVersion", "s3:GetObjectVersionTagging"];
        const writes = ["s3:PutObject", "s3:PutObjectAcl", "s3:PutObjectTagging"];
        const application = () => String(made.named("web-application").outputs["name"]);

        it("reads the trigger and keeps its copies, in the bucket of this account", () => {
            const policy = policyOf(made, "codepipeline");
            const ofBucket = ["s3:GetBucketAcl", "s3:GetBucketLocation", "s3:GetBucketVersioning"];
            check(policy, true, bucket, ofBucket, mine);
            check(policy, true, `${bucket}/releases/current.zip`, reads, mine);
            check(policy, true, `${bucket}/web-pipeline/release/AbCdEf`, [...reads, ...writes], mine);
            for (const [theirs, context] of [["arn:aws:s3:::releases-2", mine], [bucket, { "aws:ResourceAccount": "999999999999" }]] as const) {
                check(policy, false, theirs, ofBucket, context);
                check(policy, false, `${theirs}/web-pipeline/release/AbCdEf`, [...reads, ...writes], context);
            }
            check(policy, false, `${bucket}/releases/current.zip`, ["s3:DeleteObject", "s3:DeleteObjectVersion"], mine);
        });

        it("overwrites no release, no tool and nothing that others write down", () => {
            for (const key of ["releases/0123456789ab.zip", "releases/current.zip", "tools/docker-compose", "journal.json", "lock.json"]) {
                for (const action of writes) {
                    assert.equal(denies(policyOf(made, "codepipeline"), { action, resource: `${bucket}/${key}`, context: mine }), true, `${action} ${key}`);
                }
            }
        });

        it("deploys to its one group by its one configuration", () => {
            const policy = policyOf(made, "codepipeline");
            const ofApplication = ["codedeploy:GetApplication", "codedeploy:GetApplicationRevision", "codedeploy:RegisterApplicationRevision"];
            const ofGroup = ["codedeploy:CreateDeployment", "codedeploy:GetDeployment"];
            check(policy, true, `${codeDeploy}:application:${application()}`, ofApplication);
            check(policy, false, `${codeDeploy}:application:${application()}2`, ofApplication);
            check(policy, true, `${codeDeploy}:deploymentgroup:${application()}/dev`, ofGroup);
            check(policy, false, `${codeDeploy}:deploymentgroup:${application()}/prod`, ofGroup);
            check(policy, false, `${codeDeploy}:deploymentgroup:other/dev`, ofGroup);
            check(policy, true, `${codeDeploy}:deploymentconfig:CodeDeployDefault.HalfAtATime`, ["codedeploy:GetDeploymentConfig"]);
            check(policy, false, `${codeDeploy}:deploymentconfig:CodeDeployDefault.AllAtOnce`, ["codedeploy:GetDeploymentConfig"]);
            check(policy, false, "*", ["iam:PassRole", "sns:Publish"]);
        });

        it("reads the configuration that was made for it", async () => {
            const made = await build({ deploymentConfig: { minimumHealthyHosts: { type: "HOST_COUNT", value: 3 } } });
            const name = String(made.named("web-config").outputs["deploymentConfigName"]);
            check(policyOf(made, "codepipeline"), true, `${codeDeploy}:deploymentconfig:${name}`, ["codedeploy:GetDeploymentConfig"]);
            check(policyOf(made, "codepipeline"), false, `${codeDeploy}:deploymentconfig:CodeDeployDefault.HalfAtATime`, ["codedeploy:GetDeploymentConfig"]);
        });

        it("asks for approval at its one topic, if there is one and anybody is asked", async () => {
            const policy = policyOf(await build({ notificationTopicArn: topicArn, approval: true }), "codepipeline");
            check(policy, true, topicArn, ["sns:Publish"]);
            check(policy, false, `${topicArn}2`, ["sns:Publish"]);
            check(policy, false, topicArn, ["sns:Subscribe", "sns:SetTopicAttributes"]);
            for (const silent of [full, await build({ approval: true })]) check(policyOf(silent, "codepipeline"), false, topicArn, ["sns:Publish"]);
        });

        it("runs its one record project", () => {
            const arn = String(made.named("web-record").outputs["arn"]);
            const runs = ["codebuild:BatchGetBuilds", "codebuild:StartBuild"];
            check(policyOf(made, "codepipeline"), true, arn, runs);
            check(policyOf(made, "codepipeline"), false, `${arn}2`, runs);
            check(policyOf(made, "codepipeline"), false, arn, ["codebuild:UpdateProject", "codebuild:DeleteProject"]);
        });
    });

    describe("of EventBridge", () => {
        it("starts this pipeline only", () => {
            const arn = String(made.named("web-pipeline").outputs["arn"]);
            check(policyOf(made, "events"), true, arn, ["codepipeline:StartPipelineExecution"]);
            check(policyOf(made, "events"), false, `${arn}-2`, ["codepipeline:StartPipelineExecution"]);
            check(policyOf(made, "events"), false, arn, ["codepipeline:StopPipelineExecution"]);
        });
    });

    describe("of the record", () => {
        const policy = () => policyOf(full, "record");

        it("is for its one project", () => {
            const project = String(full.named("web-record").outputs["arn"]);
            const takes = (service: string, context: Record<string, string>) =>
                allows(full.named("web-record-role").inputs["assumeRolePolicy"], { action: "sts:AssumeRole", service, context });
            assert.equal(takes("codebuild.amazonaws.com", { "aws:SourceAccount": accountId, "aws:SourceArn": project }), true);
            assert.equal(takes("codebuild.amazonaws.com", { "aws:SourceAccount": accountId, "aws:SourceArn": project.replace("web-record", "web-build") }), false);
            assert.equal(takes("codebuild.amazonaws.com", { "aws:SourceAccount": "999999999999", "aws:SourceArn": project }), false);
            assert.equal(takes("codepipeline.amazonaws.com", { "aws:SourceAccount": accountId, "aws:SourceArn": project }), false);
        });

        it("writes to its own log group", () => {
            const arn = String(full.named("web-record-logs").outputs["arn"]);
            const writes = ["logs:CreateLogStream", "logs:PutLogEvents"];
            check(policy(), true, `${arn}:log-stream:1`, writes);
            check(policy(), false, `${arn}2:log-stream:1`, writes);
            check(policy(), false, arn, ["logs:CreateLogGroup", "logs:DeleteLogGroup"]);
        });

        const bucket = "arn:aws:s3:::releases-1";

        it("reads the pipeline's copies, releases and the one tool, in one bucket, and writes none of them", () => {
            const reads = ["s3:GetObject", "s3:GetObjectVersion"];
            const [copy, release, itsTool] = [`${bucket}/web-pipeline-0123456/release/AbCdEf`, `${bucket}/releases/0123456789ab.zip`, `${bucket}/tools/gapless-0123456789ab.mjs`];
            for (const object of [copy, release, `${bucket}/releases/current.zip`]) check(policy(), true, object, reads);
            check(policy(), true, itsTool, ["s3:GetObject"]);
            check(policy(), false, `${bucket}/tools/gapless-ba9876543210.mjs`, reads);
            for (const object of [copy, release, itsTool]) {
                check(policy(), false, object.replace("releases-1", "releases-2"), reads);
                check(policy(), false, object, ["s3:PutObject", "s3:DeleteObject", "s3:PutObjectTagging"]);
                check(policy(), false, object, ["s3:PutObject"], { "s3:if-none-match": "*" });
            }
        });

        it("is told what is missing from what it may not see", () => {
            check(policy(), true, bucket, ["s3:ListBucket"]);
            check(policy(), false, "arn:aws:s3:::releases-2", ["s3:ListBucket"]);
            check(policy(), false, bucket, ["s3:ListBucketVersions", "s3:PutBucketPolicy"]);
        });

        it("writes the journal as it has read it, and neither over others' news nor the lock", () => {
            const journal = `${bucket}/journal.json`;
            check(policy(), true, journal, ["s3:GetObject"]);
            for (const header of ["s3:if-match", "s3:if-none-match"]) check(policy(), true, journal, ["s3:PutObject"], { [header]: "1" });
            check(policy(), false, journal, ["s3:PutObject", "s3:DeleteObject"]);
            check(policy(), false, `${bucket}/lock.json`, ["s3:PutObject"], { "s3:if-none-match": "*" });
            check(policy(), false, "arn:aws:s3:::releases-2/journal.json", ["s3:PutObject"], { "s3:if-match": "1" });
        });

        it("reads what its own stack has written down about itself", () => {
            const parameters = (path: string) => `arn:aws:ssm:${region}:${accountId}:parameter/gapless/${path}`;
            for (const path of ["shop/dev-eu", "shop/dev-eu/"]) check(policy(), true, parameters(path), ["ssm:GetParametersByPath"]);
            for (const path of ["shop/dev-eu2", "shop/prod", "shop", "other/dev-eu"]) check(policy(), false, parameters(path), ["ssm:GetParametersByPath"]);
            check(policy(), false, parameters("shop/dev-eu/stage"), ["ssm:PutParameter", "ssm:DeleteParameter"]);
        });

        it("asks its pipeline for the deployment, and starts none", () => {
            const arn = String(full.named("web-pipeline").outputs["arn"]);
            const asks = ["codepipeline:GetPipelineExecution", "codepipeline:ListActionExecutions"];
            check(policy(), true, arn, asks);
            check(policy(), false, arn.replace("web-pipeline", "web-build-pipeline"), asks);
            check(policy(), false, arn, ["codepipeline:StartPipelineExecution", "codepipeline:GetPipelineState", "codepipeline:PutApprovalResult"]);
        });

        it("asks CodeDeploy what it has deployed to the one group, and deploys nothing", () => {
            const group = (name: string) => `arn:aws:codedeploy:${region}:${accountId}:deploymentgroup:${name}`;
            const application = String(full.named("web-application").outputs["name"]);
            check(policy(), true, group(`${application}/dev`), ["codedeploy:GetDeployment"]);
            for (const other of [`${application}/prod`, "other/dev"]) check(policy(), false, group(other), ["codedeploy:GetDeployment"]);
            check(policy(), false, group(`${application}/dev`), ["codedeploy:CreateDeployment", "codedeploy:StopDeployment"]);
        });

        it("tags images of its one repository", () => {
            const tags = ["ecr:BatchGetImage", "ecr:PutImage"];
            check(policy(), true, recordArgs.repositoryArn, tags);
            check(policy(), false, `${recordArgs.repositoryArn}-2`, tags);
            check(policy(), false, recordArgs.repositoryArn, ["ecr:BatchDeleteImage", "ecr:InitiateLayerUpload", "ecr:PutLifecyclePolicy"]);
        });

        it("empties the cache of its one distribution", () => {
            check(policy(), true, recordArgs.distributionArn, ["cloudfront:CreateInvalidation"]);
            check(policy(), false, `${recordArgs.distributionArn}2`, ["cloudfront:CreateInvalidation"]);
            check(policy(), false, recordArgs.distributionArn, ["cloudfront:UpdateDistribution", "cloudfront:DeleteDistribution"]);
        });

        it("may do nothing to what it was not given", () => {
            const without = policyOf(made, "record");
            check(without, false, recordArgs.repositoryArn, ["ecr:BatchGetImage", "ecr:PutImage"]);
            check(without, false, recordArgs.distributionArn, ["cloudfront:CreateInvalidation"]);
        });
    });
});
