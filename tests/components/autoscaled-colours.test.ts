import assert from "node:assert/strict";
import { AutoscaledService, type AutoscaledServiceArgs, LoadBalancedTier } from "../../components";
import { allows } from "../support/iam";
import { registered, type Registered } from "../support/registered";
import { serviceArgs, tierArgs } from "./sample";

const green = { targetGroupArn: "arn:aws:elasticloadbalancing:eu-central-1:111122223333:targetgroup/web-green/3", targetGroupDimension: "targetgroup/web-green/3" };
const build = (args: Partial<AutoscaledServiceArgs> = {}): Promise<Registered> =>
    registered(() => { new AutoscaledService("hosts", { ...serviceArgs, green, ...args }); });

const groupType = "aws:autoscaling/group:Group";

describe("AutoscaledService with two colours", () => {
    let made: Registered;
    before(async () => { made = await build(); });

    it("gives each a group of the same hosts, without an instance until a deployment wakes one", () => {
        const inputs = (name: string, targetGroupArn: unknown) => ({
            vpcZoneIdentifiers: ["subnet-a", "subnet-b"],
            targetGroupArns: [targetGroupArn],
            healthCheckType: "EC2",
            healthCheckGracePeriod: 900,
            initialLifecycleHooks: [{
                name: "boot", lifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING", heartbeatTimeout: 270, defaultResult: "ABANDON",
            }],
            waitForCapacityTimeout: "570s",
            instanceMaintenancePolicy: { minHealthyPercentage: 100, maxHealthyPercentage: 110 },
            defaultInstanceWarmup: 60,
            enabledMetrics: ["GroupDesiredCapacity", "GroupInServiceInstances"],
            minSize: 0,
            maxSize: 4,
            launchTemplate: { id: made.named("hosts-template").outputs["id"], version: "1" },
            tags: [{ key: "Name", value: name, propagateAtLaunch: true }],
        });
        assert.deepEqual(made.named("hosts-group").inputs, inputs("hosts", serviceArgs.targetGroupArn));
        assert.deepEqual(made.named("hosts-group-green").inputs, inputs("hosts-green", green.targetGroupArn));
    });

    it("makes the second group and its scaling, and nothing else besides", async () => {
        const alone = await registered(() => { new AutoscaledService("hosts", serviceArgs); });
        const added = made.names().filter(name => !alone.names().includes(name));
        assert.deepEqual(added, ["hosts-group-green", "hosts-scaling-green"]);
        assert.deepEqual(alone.names().filter(name => !made.names().includes(name)), []);
    });

    it("leaves the fewest instances of both to deployments, and the most to the program", async () => {
        const { ignoreChanges } = made.named("hosts-group");
        assert.deepEqual(ignoreChanges, ["desiredCapacity", "initialLifecycleHooks", "minSize"]);
        assert.deepEqual(made.named("hosts-group-green").ignoreChanges, ignoreChanges);
        const sized = await build({ minSize: 4, maxSize: 8 });
        assert.deepEqual(sized.ofType(groupType).map(({ inputs: { minSize, maxSize } }) => ({ minSize, maxSize })), [{ minSize: 0, maxSize: 8 }, { minSize: 0, maxSize: 8 }]);
    });

    it("gives both the tags, the types and the protection that one would have", async () => {
        const made = await build({ launchTags: { stage: "prod" }, spot: true, alternativeInstanceTypes: ["t3a.small"], deletionProtection: true });
        const [blue, other] = ["hosts-group", "hosts-group-green"].map(name => made.named(name));
        assert.deepEqual([blue?.protect, other?.protect], [true, true]);
        assert.deepEqual(other?.inputs["mixedInstancesPolicy"], blue?.inputs["mixedInstancesPolicy"]);
        assert.equal(other?.inputs["capacityRebalance"], true);
        assert.deepEqual(other.inputs["tags"], [{ key: "Name", value: "hosts-green", propagateAtLaunch: true }, { key: "stage", value: "prod", propagateAtLaunch: true }]);
    });

    it("lets each follow the requests to its own target group", async () => {
        const made = await build({ requestsPerTarget: 250, cpuPercent: 60 });
        const expected = [["", "targetgroup/web/1"], ["-green", green.targetGroupDimension]].flatMap(([ending, dimension]) => {
            const common = { autoscalingGroupName: made.named(`hosts-group${ending}`).outputs["name"], policyType: "TargetTrackingScaling" };
            const requests = { predefinedMetricType: "ALBRequestCountPerTarget", resourceLabel: `app/web/2/${dimension}` };
            const load = { predefinedMetricType: "ASGAverageCPUUtilization" };
            return [
                [`hosts-scaling${ending}`, { ...common, targetTrackingConfiguration: { predefinedMetricSpecification: requests, targetValue: 250 } }],
                [`hosts-scaling-cpu${ending}`, { ...common, targetTrackingConfiguration: { predefinedMetricSpecification: load, targetValue: 60 } }],
            ];
        });
        assert.deepEqual(Object.fromEntries(made.ofType("aws:autoscaling/policy:Policy").map(({ name, inputs }) => [name, inputs])), Object.fromEntries(expected));
    });

    it("lets instances of both say that they have booted", () => {
        const { policy } = made.named("hosts-instance-policy").inputs;
        const report = (group: string) => allows(policy, {
            action: "autoscaling:CompleteLifecycleAction",
            resource: `arn:aws:autoscaling:eu-central-1:111122223333:autoScalingGroup:1-2:autoScalingGroupName/${group}`,
        });
        for (const name of ["hosts-group", "hosts-group-green"]) assert.equal(report(String(made.named(name).outputs["name"])), true, name);
        assert.equal(report("others-group-green-0a1b2c3"), false);
    });

    it("tells the second group's names", () => {
        const group = made.named("hosts-group-green").outputs;
        const names = { autoScalingGroupName: group["name"], autoScalingGroupArn: group["arn"] };
        const told = made.named("hosts").outputs["green"] as object;
        assert.deepEqual({ ...told, autoScalingGroup: "whole" }, { autoScalingGroup: "whole", deploymentTarget: names, ...names });
        assert.deepEqual(made.named("hosts").outputs["autoScalingGroupName"], made.named("hosts-group").outputs["name"]);
    });

    it("scales neither before its target group is forwarded to, and launches in neither before there is all that a boot needs", async () => {
        const made = await registered(() => {
            const tier = new LoadBalancedTier("web", { ...tierArgs, colours: { headerSecret: "0123456789abcdef", serving: "blue" } });
            new AutoscaledService("hosts", {
                ...serviceArgs, targetGroupArn: tier.targetGroupArn, targetGroupDimension: tier.targetGroupDimension,
                ...(tier.green && { green: tier.green }),
            }, { dependsOn: tier });
        });
        for (const ending of ["", "-green"]) {
            for (const earlier of ["web-http", "web-header-blue", "web-header-green"]) assert.equal(made.comesAfter(`hosts-scaling${ending}`, earlier), true, earlier);
            for (const earlier of ["hosts-instance-policy", "hosts-out", "hosts-from-alb", "hosts-alb-out"]) {
                assert.equal(made.comesAfter(`hosts-group${ending}`, earlier), true, earlier);
            }
        }
        assert.deepEqual(made.named("hosts-group-green").inputs["targetGroupArns"], [made.named("web-targets-green").outputs["arn"]]);
    });

    it("refuses schedules, and fewer instances that serve than before", async () => {
        const schedules = [{ name: "night", recurrence: "0 20 * * *", minSize: 2, maxSize: 2 }];
        await assert.rejects(build({ schedules, minSize: 1 }), {
            message:
                "AutoscaledService 'hosts': minSize must be 2 or more, since half of the instances serve while the others change, got 1; " +
                "schedules must not be set with green: deployments own the sizes of both groups",
        });
    });

    it("is not there unless asked for", async () => {
        const { outputs } = (await registered(() => { new AutoscaledService("hosts", serviceArgs); })).named("hosts");
        assert.equal(outputs["green"], undefined);
    });
});
