import assert from "node:assert/strict";
import { accountId, region } from "../../rehearsal/program/stand-ins";
import { allows, denies, type Request } from "../support/iam";
import { voidActions } from "../support/iam-resources";
import type { Registered } from "../support/registered";
import { blueGreen, buildTwoColours as build, listenerArn, recordArgs, ruleArn, scalingGroupArn, topicArn } from "./deploy-pipeline-sample";

const bucket = "arn:aws:s3:::releases-1";
const { repositoryArn, distributionArn } = recordArgs;
const codeDeploy = `arn:aws:codedeploy:${region}:${accountId}`;

describe("DeployPipeline's roles with two colours", () => {
    let made: Registered;
    let full: Registered;
    before(async () => {
        made = await build();
        full = await build({ notificationTopicArn: topicArn, green: { roll: { ...blueGreen.roll, repositoryArn, distributionArn } } });
    });

    const policyOf = (made: Registered, role: string) => made.named(`web-${role}-policy`).inputs["policy"];
    const check = (policy: unknown, wanted: boolean, resource: string, actions: readonly string[], context?: Request["context"]) => {
        for (const action of actions) assert.equal(allows(policy, { action, resource, ...(context && { context }) }), wanted, `${action} on ${resource}`);
    };
    const groupArn = (name: string) => `${codeDeploy}:deploymentgroup:${String(made.named("web-application").outputs["name"])}/${name}`;
    const groups = ["dev", "dev-green"];
    const fleets = [scalingGroupArn("hosts-1"), scalingGroupArn("hosts-green-1")];

    describe("of CodeDeploy", () => {
        it("is for the groups of one application", () => {
            const trusted = (arn: string, account: string = accountId) => allows(made.named("web-codedeploy-role").inputs["assumeRolePolicy"], {
                action: "sts:AssumeRole", service: "codedeploy.amazonaws.com", context: { "aws:SourceAccount": account, "aws:SourceArn": arn },
            });
            assert.deepEqual(groups.map(name => trusted(groupArn(name))), [true, true]);
            assert.equal(trusted(`${codeDeploy}:deploymentgroup:other/dev`), false);
            assert.equal(trusted(groupArn("dev"), "999999999999"), false);
        });

        it("hooks into both fleets, and moves the targets of both, without which no instance that scaling launches would get a release", () => {
            const policy = policyOf(full, "codedeploy");
            const hooks = ["autoscaling:CompleteLifecycleAction", "autoscaling:DeleteLifecycleHook", "autoscaling:PutLifecycleHook", "autoscaling:RecordLifecycleActionHeartbeat"];
            for (const fleet of fleets) {
                check(policy, true, fleet, hooks);
                check(policy, false, `${fleet}-2`, hooks);
                check(policy, false, fleet, ["autoscaling:UpdateAutoScalingGroup", "autoscaling:DeleteAutoScalingGroup"]);
            }
            const moves = ["elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"];
            for (const target of ["web-1/1", "web-green-1/2"]) check(policy, true, `arn:aws:elasticloadbalancing:eu-central-1:111122223333:targetgroup/${target}`, moves);
            for (const target of ["arn:aws:elasticloadbalancing:eu-central-1:111122223333:targetgroup/other/1", "*"]) check(policy, false, target, moves);
            check(policy, true, "*", ["autoscaling:DescribeLifecycleHooks", "ec2:DescribeInstances", "elasticloadbalancing:DescribeTargetHealth"]);
            check(policy, true, topicArn, ["sns:Publish"]);
        });
    });

    describe("of CodePipeline", () => {
        const mine = { "aws:ResourceAccount": accountId };

        it("runs the one build that rolls, and deploys nothing by itself", () => {
            const policy = policyOf(made, "codepipeline");
            const project = String(made.named("web-roll").outputs["arn"]);
            check(policy, true, project, ["codebuild:BatchGetBuilds", "codebuild:StartBuild"]);
            check(policy, false, `${project}2`, ["codebuild:BatchGetBuilds", "codebuild:StartBuild"]);
            for (const name of groups) check(policy, false, groupArn(name), ["codedeploy:CreateDeployment", "codedeploy:GetDeployment"]);
        });

        it("overwrites nothing that others write down, the colours included", () => {
            for (const key of ["releases/0123456789ab.zip", "releases/current.zip", "tools/docker-compose", "journal.json", "lock.json", "colours.json"]) {
                for (const action of ["s3:PutObject", "s3:PutObjectAcl", "s3:PutObjectTagging"]) {
                    assert.equal(denies(policyOf(made, "codepipeline"), { action, resource: `${bucket}/${key}`, context: mine }), true, `${action} ${key}`);
                }
            }
            check(policyOf(made, "codepipeline"), true, `${bucket}/web-pipeline/release/AbCdEf`, ["s3:PutObject"], mine);
        });
    });

    describe("of the roll", () => {
        const policy = () => policyOf(full, "roll");

        it("is for its one project", () => {
            const project = String(full.named("web-roll").outputs["arn"]);
            const takes = (arn: string, account: string = accountId, service = "codebuild.amazonaws.com") =>
                allows(full.named("web-roll-role").inputs["assumeRolePolicy"], { action: "sts:AssumeRole", service, context: { "aws:SourceAccount": account, "aws:SourceArn": arn } });
            assert.equal(takes(project), true);
            assert.deepEqual([takes(project.replace("web-roll", "web-build")), takes(project, "999999999999"), takes(project, accountId, "codepipeline.amazonaws.com")], [false, false, false]);
        });

        it("writes to its own log group, and reads the pipeline's copies, releases and the one tool", () => {
            const logs = String(full.named("web-roll-logs").outputs["arn"]);
            check(policy(), true, `${logs}:log-stream:1`, ["logs:CreateLogStream", "logs:PutLogEvents"]);
            check(policy(), false, `${logs}2:log-stream:1`, ["logs:CreateLogStream", "logs:PutLogEvents"]);
            const [copy, release] = [`${bucket}/web-pipeline-0123456/release/AbCdEf`, `${bucket}/releases/0123456789ab.zip`];
            for (const object of [copy, release]) check(policy(), true, object, ["s3:GetObject", "s3:GetObjectVersion"]);
            check(policy(), true, `${bucket}/tools/gapless-0123456789ab.mjs`, ["s3:GetObject"]);
            check(policy(), false, `${bucket}/tools/gapless-ba9876543210.mjs`, ["s3:GetObject"]);
            check(policy(), true, bucket, ["s3:ListBucket"]);
            for (const object of [copy, release, `${bucket}/releases/current.zip`]) check(policy(), false, object, ["s3:PutObject", "s3:DeleteObject"], { "s3:if-none-match": "*" });
        });

        for (const key of ["journal.json", "lock.json", "colours.json"]) {
            it(`writes ${key} as it has read it, and not over others' news`, () => {
                const object = `${bucket}/${key}`;
                check(policy(), true, object, ["s3:GetObject"]);
                for (const header of ["s3:if-match", "s3:if-none-match"]) check(policy(), true, object, ["s3:PutObject"], { [header]: "1" });
                check(policy(), false, object, ["s3:PutObject", "s3:DeleteObject"]);
                check(policy(), false, object.replace("releases-1", "releases-2"), ["s3:PutObject"], { "s3:if-match": "1" });
                check(policy(), false, object.replace("releases-1", "releases-2"), ["s3:GetObject"]);
            });
        }

        it("reads what its own stack has written down about itself, and writes which colour serves, and nothing else", () => {
            const parameter = (path: string) => `arn:aws:ssm:${region}:${accountId}:parameter/gapless/${path}`;
            for (const path of ["shop/dev-eu", "shop/dev-eu/"]) check(policy(), true, parameter(path), ["ssm:GetParametersByPath"]);
            check(policy(), true, parameter("shop/dev-eu/activeColour"), ["ssm:GetParameter", "ssm:PutParameter"]);
            for (const path of ["shop/dev-eu/stage", "shop/dev-eu/sizes", "shop/prod/activeColour", "other/dev-eu/activeColour"]) {
                check(policy(), false, parameter(path), ["ssm:GetParameter", "ssm:PutParameter", "ssm:DeleteParameter"]);
            }
            check(policy(), false, parameter("shop/dev-eu/activeColour"), ["ssm:DeleteParameter"]);
        });

        it("shifts the weights of its one listener, and looks at listeners, rules and targets", () => {
            check(policy(), true, "*", ["elasticloadbalancing:DescribeListeners", "elasticloadbalancing:DescribeRules", "elasticloadbalancing:DescribeTargetHealth"]);
            check(policy(), true, listenerArn, ["elasticloadbalancing:ModifyListener"]);
            check(policy(), false, `${listenerArn}4`, ["elasticloadbalancing:ModifyListener"]);
            check(policy(), false, ruleArn, ["elasticloadbalancing:ModifyRule"]);
            check(policy(), false, listenerArn, ["elasticloadbalancing:DeleteListener", "elasticloadbalancing:CreateRule"]);
        });

        it("shifts the weights of its one rule, and leaves somebody else's listener alone", async () => {
            const policy = policyOf(await build({ green: { weights: { ruleArn } } }), "roll");
            check(policy, true, ruleArn, ["elasticloadbalancing:ModifyRule"]);
            check(policy, false, `${ruleArn}7`, ["elasticloadbalancing:ModifyRule"]);
            for (const listener of [listenerArn, "arn:aws:elasticloadbalancing:eu-central-1:111122223333:listener/app/shared/4/5"]) check(policy, false, listener, ["elasticloadbalancing:ModifyListener"]);
        });

        it("grows, shrinks and ends both fleets, and no other", () => {
            const changes = ["autoscaling:DeleteScheduledAction", "autoscaling:PutScheduledUpdateGroupAction", "autoscaling:UpdateAutoScalingGroup"];
            check(policy(), true, "*", ["autoscaling:DescribeAutoScalingGroups", "autoscaling:DescribeScheduledActions"]);
            for (const fleet of fleets) {
                check(policy(), true, fleet, changes);
                check(policy(), false, `${fleet}-2`, changes);
                check(policy(), false, fleet, ["autoscaling:DeleteAutoScalingGroup", "autoscaling:SuspendProcesses", "autoscaling:TerminateInstanceInAutoScalingGroup", "autoscaling:StartInstanceRefresh"]);
            }
            check(policy(), false, "*", changes);
        });

        it("deploys to both groups, changes which fleet is in one, and passes no role", () => {
            const application = `${codeDeploy}:application:${String(full.named("web-application").outputs["name"])}`;
            const deploys = [
                "codedeploy:BatchGetDeployments", "codedeploy:CreateDeployment", "codedeploy:GetDeployment", "codedeploy:GetDeploymentGroup", "codedeploy:ListDeployments",
                "codedeploy:UpdateDeploymentGroup",
            ];
            for (const name of groups) check(policy(), true, groupArn(name), deploys);
            for (const other of [groupArn("prod"), `${codeDeploy}:deploymentgroup:other/dev`]) check(policy(), false, other, deploys);
            check(policy(), false, groupArn("dev"), ["codedeploy:CreateDeploymentGroup", "codedeploy:DeleteDeploymentGroup"]);
            check(policy(), true, application, ["codedeploy:GetApplicationRevision", "codedeploy:RegisterApplicationRevision"]);
            check(policy(), false, `${application}2`, ["codedeploy:GetApplicationRevision", "codedeploy:RegisterApplicationRevision"]);
            check(policy(), true, `${codeDeploy}:deploymentconfig:CodeDeployDefault.AllAtOnce`, ["codedeploy:GetDeploymentConfig"]);
            check(policy(), false, `${codeDeploy}:deploymentconfig:CodeDeployDefault.HalfAtATime`, ["codedeploy:GetDeploymentConfig"]);
            check(policy(), true, "*", ["codedeploy:BatchGetDeploymentTargets", "codedeploy:ListDeploymentTargets", "codedeploy:StopDeployment"]);
            check(policy(), false, "*", ["iam:PassRole", "ssm:SendCommand", "ec2:TerminateInstances"]);
        });

        it("watches alarms, and sets none", () => {
            const alarm = `arn:aws:cloudwatch:${region}:${accountId}:alarm:web-errors`;
            check(policy(), true, alarm, ["cloudwatch:DescribeAlarms"]);
            check(policy(), false, alarm, ["cloudwatch:SetAlarmState", "cloudwatch:DisableAlarmActions"]);
        });

        it("asks its pipeline what the execution is about, and starts none", () => {
            const pipeline = String(full.named("web-pipeline").outputs["arn"]);
            check(policy(), true, pipeline, ["codepipeline:GetPipelineExecution"]);
            check(policy(), false, pipeline, ["codepipeline:StartPipelineExecution", "codepipeline:PutApprovalResult"]);
            check(policy(), false, pipeline.replace("web-pipeline", "web-build-pipeline"), ["codepipeline:GetPipelineExecution"]);
        });

        it("looks for images of its one repository and marks them, and empties the cache of its one distribution", () => {
            const images = ["ecr:BatchGetImage", "ecr:DescribeImages", "ecr:PutImage"];
            check(policy(), true, repositoryArn, images);
            check(policy(), false, `${repositoryArn}-2`, images);
            check(policy(), false, repositoryArn, ["ecr:BatchDeleteImage", "ecr:InitiateLayerUpload"]);
            check(policy(), true, distributionArn, ["cloudfront:CreateInvalidation"]);
            check(policy(), false, `${distributionArn}2`, ["cloudfront:CreateInvalidation"]);
            check(policyOf(made, "roll"), false, repositoryArn, images);
            check(policyOf(made, "roll"), false, distributionArn, ["cloudfront:CreateInvalidation"]);
        });
    });

    it("may do all that they may, since AWS looks at the resources that are named for it, and fit into a policy of a role", () => {
        for (const role of ["codedeploy", "codepipeline", "roll"]) {
            const policy = String(policyOf(full, role));
            assert.deepEqual(voidActions(policy), [], role);
            // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
            assert.ok(policy.length < 10_240, `${role}: ${policy.length}`);
        }
    });
});
