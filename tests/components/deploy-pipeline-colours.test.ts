import assert from "node:assert/strict";
import { type Alarm, fires } from "../support/metric-math";
import type { Registered } from "../support/registered";
import { blueGreen, buildPipeline, buildTwoColours as build, topicArn } from "./deploy-pipeline-sample";
import { tool } from "./sample";

describe("DeployPipeline with two colours", () => {
    let made: Registered;
    before(async () => { made = await build(); });

    const group = (deploymentGroupName: string, autoscalingGroup: string, targetGroup: string) => ({
        appName: made.named("web-application").outputs["name"],
        deploymentGroupName,
        serviceRoleArn: made.named("web-codedeploy-role").outputs["arn"],
        deploymentConfigName: "CodeDeployDefault.HalfAtATime",
        deploymentStyle: { deploymentType: "IN_PLACE", deploymentOption: "WITH_TRAFFIC_CONTROL" },
        loadBalancerInfo: { targetGroupInfos: [{ name: targetGroup }] },
        autoscalingGroups: [autoscalingGroup],
        outdatedInstancesStrategy: "UPDATE",
    });

    // No alarms and no way back of CodeDeploy's own: both are of whoever drives the roll.
    it("has both fleets leave the load balancer and join again as a single one does, each its own target group", () => {
        assert.deepEqual(made.named("web-group").inputs, group("dev", "hosts-1", "web-1"));
        assert.deepEqual(made.named("web-group-green").inputs, group("dev-green", "hosts-green-1", "web-green-1"));
        assert.equal(made.ofType("aws:codedeploy/deploymentGroup:DeploymentGroup").length, 2);
    });

    it("differs from a single fleet's group in its alarms and its way back alone, so that the pipeline of one fleet may still use it", async () => {
        const single: Record<string, unknown> = (await buildPipeline({ target: { autoScalingGroupName: "hosts-1", autoScalingGroupArn: "arn" } })).named("web-group").inputs;
        const blue: Record<string, unknown> = made.named("web-group").inputs;
        const names = [...new Set([...Object.keys(single), ...Object.keys(blue)])];
        assert.deepEqual(names.filter(name => JSON.stringify(single[name]) !== JSON.stringify(blue[name])).sort(), ["alarmConfiguration", "autoRollbackConfiguration"]);
    });

    it("leaves it to rolls which fleet is in its group, and to nobody else", async () => {
        for (const name of ["web-group", "web-group-green"]) assert.deepEqual(made.named(name).ignoreChanges, ["autoscalingGroups"], name);
        assert.deepEqual((await buildPipeline()).named("web-group").ignoreChanges, []);
    });

    it("keeps all that a single fleet has, but for the build at the pipeline's end", async () => {
        const names = (of: Registered) => of.names().filter(name => !/^web-(record|roll)/.test(name));
        const single = names(await buildPipeline());
        assert.deepEqual(names(made).filter(name => !single.includes(name)), ["web-errors-green", "web-group-green", "web-latency-green"]);
        assert.deepEqual(single.filter(name => !names(made).includes(name)), []);
        for (const name of ["web-application", "web-release", "web-trigger", "web-tool", "web-change"]) {
            const { inputs, ignoreChanges } = (await buildPipeline()).named(name);
            assert.equal(JSON.stringify([made.named(name).inputs, made.named(name).ignoreChanges]), JSON.stringify([inputs, ignoreChanges]), name);
        }
    });

    describe("has a pipeline that", () => {
        const stages = (of: Registered) => of.named("web-pipeline").inputs["stages"] as { name: string; actions: unknown[] }[];

        it("rolls a release in one build, and tells it by which execution", () => {
            assert.deepEqual(stages(made).map(({ name }) => name), ["Source", "Roll"]);
            assert.deepEqual(stages(made)[1]?.actions, [{
                owner: "AWS", version: "1", name: "Roll", category: "Build", provider: "CodeBuild", inputArtifacts: ["release"],
                configuration: {
                    ProjectName: made.named("web-roll").outputs["name"],
                    EnvironmentVariables: '[{"name":"GAPLESS_EXECUTION","value":"#{codepipeline.PipelineExecutionId}","type":"PLAINTEXT"}]',
                },
            }]);
        });

        it("asks a person before that, when told to", async () => {
            assert.deepEqual(stages(await build({ approval: true })).map(({ name }) => name), ["Source", "Approve", "Roll"]);
        });

        it("starts when both groups are there, and all that a roll needs", () => {
            for (const earlier of ["web-group", "web-group-green", "web-roll", "web-roll-policy", "web-tool", "web-trigger"]) {
                assert.equal(made.comesAfter("web-pipeline", earlier), true, earlier);
            }
            for (const earlier of ["web-group", "web-group-green"]) assert.equal(made.comesAfter("web-trigger", earlier), true, earlier);
            assert.equal(made.comesAfter("web-roll-policy", "web-group"), false);
        });
    });

    // No limit of builds: one too many would not wait, but fail. The stage's lock has them wait.
    it("rolls in the smallest build there is, of the given text", () => {
        assert.deepEqual(made.named("web-roll").inputs, {
            description: "Rolls a release from one colour to the other",
            serviceRole: made.named("web-roll-role").outputs["arn"],
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
            logsConfig: { cloudwatchLogs: { groupName: made.named("web-roll-logs").outputs["name"] } },
            buildTimeout: made.named("web-roll").inputs["buildTimeout"],
        });
    });

    describe("has alarms that", () => {
        const alarm = (name: string) => made.named(name).inputs as unknown as Alarm;
        const dimensions = (name: string) => (made.named(name).inputs["metricQueries"] as { metric?: { dimensions: Record<string, string> } }[])
            .flatMap(({ metric }) => (metric ? [metric.dimensions["TargetGroup"]] : []));

        it("look at one colour each, and never at what the load balancer says of both", () => {
            for (const role of ["errors", "latency"]) {
                assert.deepEqual([...new Set(dimensions(`web-${role}`))], ["targetgroup/web-1/1"], role);
                assert.deepEqual([...new Set(dimensions(`web-${role}-green`))], ["targetgroup/web-green-1/2"], role);
            }
            const sound = { RequestCount: 5000, HealthyHostCount: 2 };
            for (const name of ["web-errors", "web-errors-green"]) {
                assert.equal(fires(alarm(name), { ...sound, HTTPCode_ELB_5XX_Count: 5000 }), false, name);
                assert.equal(fires(alarm(name), { ...sound, HTTPCode_Target_5XX_Count: 500 }), true, name);
                assert.equal(fires(alarm(name), { ...sound, TargetConnectionErrorCount: 500 }), true, name);
            }
        });

        it("say nothing of a colour that is idle", () => {
            for (const name of ["web-errors", "web-latency", "web-errors-green", "web-latency-green"]) assert.equal(fires(alarm(name), {}), false, name);
        });

        it("have the thresholds of a single fleet's", async () => {
            const made = await build({ errorRatePercent: 1, p99Seconds: 3, alarmMinimumRequests: 200 });
            for (const role of ["errors", "latency"]) {
                const { metricQueries, ...rest } = made.named(`web-${role}-green`).inputs;
                const { metricQueries: blueQueries, ...blueRest } = made.named(`web-${role}`).inputs;
                assert.deepEqual(rest, blueRest);
                assert.equal(JSON.stringify(metricQueries).replaceAll("targetgroup/web-green-1/2", "targetgroup/web-1/1"), JSON.stringify(blueQueries));
            }
        });

        it("tell the topic of both colours", async () => {
            const made = await build({ notificationTopicArn: topicArn });
            for (const name of ["web-errors", "web-latency", "web-errors-green", "web-latency-green"]) {
                const { alarmActions, okActions } = made.named(name).inputs;
                assert.deepEqual({ alarmActions, okActions }, { alarmActions: [topicArn], okActions: [topicArn] }, name);
            }
            for (const name of ["web-group", "web-group-green"]) assert.equal((made.named(name).inputs["triggerConfigurations"] as unknown[]).length, 1, name);
        });
    });

    it("tells blue's names where a single fleet's are, and those of both by colour", () => {
        const { deploymentGroupName, deploymentGroupArn, deploymentConfigName, alarmNames, colours } = made.named("web").outputs;
        const names = (...alarms: string[]) => alarms.map(name => made.named(name).outputs["name"]);
        const [blue, green] = [names("web-errors", "web-latency"), names("web-errors-green", "web-latency-green")];
        assert.deepEqual([deploymentGroupName, deploymentGroupArn, deploymentConfigName, alarmNames], ["dev", made.named("web-group").outputs["arn"], "CodeDeployDefault.HalfAtATime", blue]);
        const told = colours as Record<"blue" | "green", { deploymentGroupName: string; deploymentGroupArn: string; alarmNames: string[] }>;
        assert.deepEqual([told.blue.deploymentGroupName, told.blue.deploymentGroupArn, told.blue.alarmNames], ["dev", made.named("web-group").outputs["arn"], blue]);
        assert.deepEqual([told.green.deploymentGroupName, told.green.deploymentGroupArn, told.green.alarmNames], ["dev-green", made.named("web-group-green").outputs["arn"], green]);
    });

    it("says nothing of colours where there is one fleet", async () => {
        assert.equal("colours" in (await buildPipeline()).named("web").outputs, false);
    });

    it("refuses what no build could wait for, and a tool without its hash", async () => {
        const roll = { ...blueGreen.roll, shiftPercents: [10, 20, 30, 40, 50, 60, 70, 80, 100], bakeSeconds: 3600, tool: { ...tool, sha256: "0123" } };
        await assert.rejects(build({ green: { roll } }), {
            message: new RegExp("^DeployPipeline 'web': tool.sha256 must be 64 hexadecimal digits, got '0123'; "
                + String.raw`roll.shiftPercents and roll.bakeSeconds must leave a roll, with its way back, within 480 minutes, got 9 shares of 3600 s, which need \d+$`),
        });
    });
});
