import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { DeployPipelineArgs } from "../../components";
import type { Registered } from "../support/registered";
import { buildPipeline as build, recordArgs, topicArn } from "./deploy-pipeline-sample";
import { checkFailuresAreTold } from "./pipeline-notices";
import { pipelineArgs, tool } from "./sample";

describe("DeployPipeline's options", () => {
    describe("with another deployment configuration", () => {
        const configured = (deploymentConfig: DeployPipelineArgs["deploymentConfig"]) => build(deploymentConfig && { deploymentConfig });
        const type = "aws:codedeploy/deploymentConfig:DeploymentConfig";

        for (const [what, choice, name] of [
            ["one at a time", "OneAtATime", "CodeDeployDefault.OneAtATime"],
            ["half by its rule", { minimumHealthyHosts: { type: "FLEET_PERCENT", value: 50 } }, "CodeDeployDefault.HalfAtATime"],
            ["one at a time by its rule", { minimumHealthyHosts: { type: "MOST_CONCURRENCY", value: 1 } }, "CodeDeployDefault.OneAtATime"],
        ] as const) {
            it(`takes AWS's own for ${what}`, async () => {
                const made = await configured(choice);
                assert.equal(made.named("web-group").inputs["deploymentConfigName"], name);
                assert.equal(made.named("web").outputs["deploymentConfigName"], name);
                assert.deepEqual(made.ofType(type), []);
            });
        }

        it("makes one for a rule that AWS has none for, without a name", async () => {
            const made = await configured({ minimumHealthyHosts: { type: "HOST_COUNT", value: 3 } });
            assert.deepEqual(made.named("web-config").inputs, { computePlatform: "Server", minimumHealthyHosts: { type: "HOST_COUNT", value: 3 } });
            assert.equal(made.named("web-group").inputs["deploymentConfigName"], made.named("web-config").outputs["deploymentConfigName"]);
        });

        it("makes one for zones, whose minimum it does not leave to AWS's 0 %", async () => {
            const made = await configured({ minimumHealthyHosts: { type: "FLEET_PERCENT", value: 50 }, zones: { monitorSeconds: 120 } });
            assert.deepEqual(made.named("web-config").inputs, {
                computePlatform: "Server",
                minimumHealthyHosts: { type: "FLEET_PERCENT", value: 50 },
                zonalConfig: { monitorDurationInSeconds: 120, minimumHealthyHostsPerZone: { type: "FLEET_PERCENT", value: 50 } },
            });
        });
    });

    const stages = (made: Registered) => made.named("web-pipeline").inputs["stages"] as { name: string; actions: Record<string, unknown>[] }[];

    it("asks a person before it deploys, when told to", async () => {
        const made = await build({ approval: true });
        assert.deepEqual(stages(made).map(stage => stage.name), ["Source", "Approve", "Deploy", "Record"]);
        assert.deepEqual(stages(made)[1]?.actions, [{ owner: "AWS", version: "1", name: "Approve", category: "Approval", provider: "Manual" }]);
    });

    describe("at its end", () => {
        let made: Registered;
        before(async () => { made = await build({ approval: true, record: recordArgs }); });

        it("records what it has deployed, and tells by which execution", () => {
            assert.deepEqual(stages(made).map(stage => stage.name), ["Source", "Approve", "Deploy", "Record"]);
            assert.deepEqual(stages(made)[3]?.actions, [{
                owner: "AWS", version: "1", name: "Record", category: "Build", provider: "CodeBuild", inputArtifacts: ["release"],
                configuration: {
                    ProjectName: made.named("web-record").outputs["name"],
                    EnvironmentVariables: '[{"name":"GAPLESS_EXECUTION","value":"#{codepipeline.PipelineExecutionId}","type":"PLAINTEXT"}]',
                },
            }]);
        });

        it("does so in the smallest build there is, of the given text", () => {
            assert.deepEqual(made.named("web-record").inputs, {
                description: "Writes down what was deployed, marks its image and empties the CDN's cache",
                serviceRole: made.named("web-record-role").outputs["arn"],
                source: { type: "CODEPIPELINE", buildspec: "version: 0.2" },
                artifacts: { type: "CODEPIPELINE" },
                environment: {
                    type: "LINUX_CONTAINER", computeType: "BUILD_GENERAL1_SMALL", image: "aws/codebuild/amazonlinux-x86_64-standard:5.0",
                    environmentVariables: [
                        { name: "GAPLESS_PROJECT", value: "shop" },
                        { name: "GAPLESS_STACK", value: "dev-eu" },
                        { name: "GAPLESS_RELEASE_BUCKET", value: "releases-1" },
                        { name: "GAPLESS_TOOL", value: "tools/gapless-0123456789ab.mjs" },
                        { name: "GAPLESS_TOOL_SHA256", value: tool.sha256 },
                    ],
                },
                logsConfig: { cloudwatchLogs: { groupName: made.named("web-record-logs").outputs["name"] } },
                buildTimeout: 10,
            });
            assert.deepEqual(made.named("web-record-logs").inputs, { retentionInDays: 7 });
        });

        it("finds the command line under the hash of its bytes", async () => {
            const { bucket, key, source, contentType } = made.named("web-tool").inputs;
            assert.deepEqual({ bucket, key, contentType }, { bucket: "releases-1", key: "tools/gapless-0123456789ab.mjs", contentType: "text/javascript" });
            assert.ok(source instanceof pulumi.asset.FileAsset);
            assert.equal(await source.path, "gapless.mjs");
        });

        it("has all for it in place before the pipeline, which starts when it is made", () => {
            for (const earlier of ["web-record", "web-record-policy", "web-tool"]) assert.equal(made.comesAfter("web-pipeline", earlier), true, earlier);
        });

        it("keeps its logs for a month unless told otherwise", async () => {
            assert.deepEqual((await build()).named("web-record-logs").inputs, { retentionInDays: 30 });
        });
    });

    describe("with a topic", () => {
        it("tells it of deployments that fail and of single instances that do", async () => {
            const made = await build({ notificationTopicArn: topicArn });
            assert.deepEqual(made.named("web-group").inputs["triggerConfigurations"], [{
                triggerName: "failures", triggerTargetArn: topicArn,
                triggerEvents: ["DeploymentFailure", "DeploymentStop", "DeploymentRollback", "InstanceFailure"],
            }]);
        });

        it("tells it of executions that fail or are stopped", async () => {
            checkFailuresAreTold(await build({ notificationTopicArn: topicArn }), topicArn);
        });

        it("has the pipeline itself tell it of releases that wait for a person, be it the very first", async () => {
            const made = await build({ notificationTopicArn: topicArn, approval: true });
            assert.deepEqual(stages(made)[1]?.actions, [{
                owner: "AWS", version: "1", name: "Approve", category: "Approval", provider: "Manual", configuration: { NotificationArn: topicArn },
            }]);
        });

        it("tells it of the alarms that stop a deployment and keep one from starting, and when they are over", async () => {
            const made = await build({ notificationTopicArn: topicArn });
            for (const name of ["web-errors", "web-latency"]) {
                const { alarmActions, okActions } = made.named(name).inputs;
                assert.deepEqual({ alarmActions, okActions }, { alarmActions: [topicArn], okActions: [topicArn] }, name);
            }
        });

        it("is the only one who is told", async () => {
            const made = await build();
            assert.equal("triggerConfigurations" in made.named("web-group").inputs, false);
            assert.deepEqual(made.names().filter(name => /failures|notice/.test(name)), []);
            for (const name of ["web-errors", "web-latency"]) assert.equal("alarmActions" in made.named(name).inputs, false, name);
        });
    });

    const wrong: readonly [string, Parameters<typeof build>[0], string][] = [
        [
            "names and alarms", { deploymentGroupName: "-blue", errorRatePercent: 101, alarmMinimumRequests: 0 },
            "deploymentGroupName must begin with a letter or digit, got '-blue'; errorRatePercent must be 0 to 100, got 101; " +
            "alarmMinimumRequests must be 1 or more, got 0",
        ],
        ["no tags", { target: { instanceTags: {} } }, "target.instanceTags must be 1 to 3 tags, got 0"],
        ["too many tags", { target: { instanceTags: { a: "1", b: "2", c: "3", d: "4" } } }, "target.instanceTags must be 1 to 3 tags, got 4"],
        [
            "all at once", { deploymentConfig: { minimumHealthyHosts: { type: "FLEET_PERCENT", value: 0 } } },
            "deploymentConfig.minimumHealthyHosts must be 1 to 99 percent, or none serves or none may go, got 0",
        ],
        [
            "none at a time", { deploymentConfig: { minimumHealthyHosts: { type: "FLEET_PERCENT", value: 100 } } },
            "deploymentConfig.minimumHealthyHosts must be 1 to 99 percent, or none serves or none may go, got 100",
        ],
        [
            "no host that stays", { deploymentConfig: { minimumHealthyHosts: { type: "HOST_COUNT", value: 0 } } },
            "deploymentConfig.minimumHealthyHosts must be 1 host or more, or none serves, got 0",
        ],
        [
            "two at a time, in AWS's words", { deploymentConfig: { minimumHealthyHosts: { type: "MOST_CONCURRENCY", value: 2 } } },
            "deploymentConfig.minimumHealthyHosts must be 1 for MOST_CONCURRENCY, which AWS's own configuration alone has, got 2",
        ],
        [
            "zones without a percentage, watched for less than no time",
            { deploymentConfig: { minimumHealthyHosts: { type: "HOST_COUNT", value: 2 }, zones: { monitorSeconds: -1 } } },
            "deploymentConfig.zones must go with a FLEET_PERCENT, which means something in a zone, too, got HOST_COUNT; " +
            "deploymentConfig.zones.monitorSeconds must be 0 or more, got -1",
        ],
        [
            "a tool without its hash", { record: { ...pipelineArgs.record, tool: { ...tool, sha256: "0123" } } },
            "tool.sha256 must be 64 hexadecimal digits, got '0123'",
        ],
    ];
    for (const [what, args, message] of wrong) {
        it(`refuses ${what}`, async () => {
            await assert.rejects(build(args), { message: `DeployPipeline 'web': ${message}` });
        });
    }
});
