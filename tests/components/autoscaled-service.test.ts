import assert from "node:assert/strict";
import { AutoscaledService, type AutoscaledServiceArgs, type Schedule } from "../../components";
import { registered, type Registered } from "../support/registered";
import { serviceArgs } from "./sample";

const build = (args: Partial<AutoscaledServiceArgs> = {}): Promise<Registered> =>
    registered(() => { new AutoscaledService("web", { ...serviceArgs, ...args }); });

const night: Schedule = { name: "night", recurrence: "0 20 * * MON-FRI", minSize: 0, maxSize: 0, timeZone: "Europe/Berlin" };
const morning: Schedule = { name: "morning", recurrence: "0 7 * * MON-FRI", minSize: 2, maxSize: 4 };

describe("AutoscaledService", () => {
    let made: Registered;
    before(async () => { made = await build(); });

    it("brings an instance into service only when it has booted, and judges it by EC2's health alone", () => {
        assert.deepEqual(made.named("web-group").inputs, {
            vpcZoneIdentifiers: ["subnet-a", "subnet-b"],
            targetGroupArns: [serviceArgs.targetGroupArn],
            healthCheckType: "EC2",
            healthCheckGracePeriod: 900,
            initialLifecycleHooks: [{
                name: "boot", lifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING", heartbeatTimeout: 270, defaultResult: "ABANDON",
            }],
            waitForCapacityTimeout: "570s",
            instanceMaintenancePolicy: { minHealthyPercentage: 100, maxHealthyPercentage: 110 },
            defaultInstanceWarmup: 60,
            enabledMetrics: ["GroupDesiredCapacity", "GroupInServiceInstances"],
            minSize: 2,
            maxSize: 4,
            launchTemplate: { id: made.named("web-template").outputs["id"], version: "1" },
            tags: [{ key: "Name", value: "web", propagateAtLaunch: true }],
        });
    });

    it("takes given sizes and tags", async () => {
        const { minSize, maxSize, tags } = (await build({ minSize: 4, maxSize: 8, launchTags: { stage: "prod" } })).named("web-group").inputs;
        assert.deepEqual({ minSize, maxSize, tags }, {
            minSize: 4, maxSize: 8,
            tags: [{ key: "Name", value: "web", propagateAtLaunch: true }, { key: "stage", value: "prod", propagateAtLaunch: true }],
        });
    });

    it("leaves the group's size to scaling, its hooks to its creation, and the group alone when it is protected", async () => {
        assert.deepEqual(made.named("web-group").ignoreChanges, ["desiredCapacity", "initialLifecycleHooks"]);
        assert.deepEqual((await build({ deletionProtection: true })).all.filter(resource => resource.protect).map(resource => resource.name), ["web-group"]);
        assert.equal(made.named("web-group").protect, false);
    });

    describe("scaling", () => {
        const requests = { predefinedMetricType: "ALBRequestCountPerTarget", resourceLabel: "app/web/2/targetgroup/web/1" };

        it("follows the requests per instance", () => {
            assert.deepEqual(made.ofType("aws:autoscaling/policy:Policy").map(policy => policy.inputs), [{
                autoscalingGroupName: made.named("web-group").outputs["name"],
                policyType: "TargetTrackingScaling",
                targetTrackingConfiguration: { predefinedMetricSpecification: requests, targetValue: 1000 },
            }]);
        });

        it("follows the processors' load as well when asked to", async () => {
            const made = await build({ requestsPerTarget: 250, cpuPercent: 60 });
            const tracked = ["web-scaling", "web-scaling-cpu"].map(name => made.named(name).inputs);
            const common = { autoscalingGroupName: made.named("web-group").outputs["name"], policyType: "TargetTrackingScaling" };
            assert.deepEqual(tracked, [
                { ...common, targetTrackingConfiguration: { predefinedMetricSpecification: requests, targetValue: 250 } },
                { ...common, targetTrackingConfiguration: { predefinedMetricSpecification: { predefinedMetricType: "ASGAverageCPUUtilization" }, targetValue: 60 } },
            ]);
        });
    });

    describe("with several instance types", () => {
        const mixOf = (made: Registered) => made.named("web-group").inputs["mixedInstancesPolicy"] as Record<string, unknown>;

        it("launches whichever can be had, in order of preference, from one version of one template", async () => {
            const made = await build({ alternativeInstanceTypes: ["t3a.small", "t3.medium"] });
            const { launchTemplate, capacityRebalance } = made.named("web-group").inputs;
            assert.deepEqual([launchTemplate, capacityRebalance], [undefined, false]);
            assert.deepEqual(mixOf(made), {
                launchTemplate: {
                    launchTemplateSpecification: { launchTemplateId: made.named("web-template").outputs["id"], version: "1" },
                    overrides: [{ instanceType: "t3.small" }, { instanceType: "t3a.small" }, { instanceType: "t3.medium" }],
                },
                instancesDistribution: {
                    onDemandAllocationStrategy: "prioritized", onDemandBaseCapacity: 0, onDemandPercentageAboveBaseCapacity: 100,
                    spotAllocationStrategy: "price-capacity-optimized",
                },
            });
        });

        it("takes spare capacity only when asked to, and replaces what AWS will take back before it is gone", async () => {
            const made = await build({ spot: true, alternativeInstanceTypes: ["t3a.small"] });
            assert.deepEqual(mixOf(made)["instancesDistribution"], {
                onDemandAllocationStrategy: "prioritized", onDemandBaseCapacity: 0, onDemandPercentageAboveBaseCapacity: 0,
                spotAllocationStrategy: "price-capacity-optimized",
            });
            const { capacityRebalance, instanceMaintenancePolicy, healthCheckType } = made.named("web-group").inputs;
            assert.deepEqual({ capacityRebalance, instanceMaintenancePolicy, healthCheckType }, {
                capacityRebalance: true, instanceMaintenancePolicy: { minHealthyPercentage: 100, maxHealthyPercentage: 110 }, healthCheckType: "EC2",
            });
        });

        it("looks the image up itself, which Auto Scaling leaves to no launch of a mixed group", async () => {
            for (const args of [{ alternativeInstanceTypes: ["t3a.small"] }, { spot: true }]) {
                assert.match(String((await build(args)).named("web-template").inputs["imageId"]), /^ami-[0-9a-f]{17}$/);
                assert.equal((await build({ ...args, amiId: "ami-1" })).named("web-template").inputs["imageId"], "ami-1");
            }
            assert.match(String(made.named("web-template").inputs["imageId"]), /^resolve:ssm:/);
        });

        it("looks up the image of its own architecture", async () => {
            const imageOf = async (instanceType: string) => (await build({ instanceType, spot: true })).named("web-template").inputs["imageId"];
            assert.notEqual(await imageOf("t3.small"), await imageOf("t4g.small"));
        });

        it("takes one type's spare capacity, too", async () => {
            const { overrides } = mixOf(await build({ spot: true }))["launchTemplate"] as { overrides: unknown };
            assert.deepEqual(overrides, [{ instanceType: "t3.small" }]);
        });
    });

    describe("with schedules", () => {
        it("changes the sizes at their times and lets Auto Scaling find the number between them", async () => {
            const made = await build({ schedules: [night, morning] });
            const autoscalingGroupName = made.named("web-group").outputs["name"];
            assert.deepEqual(made.named("web-schedule-night").inputs, {
                autoscalingGroupName, scheduledActionName: "night", recurrence: "0 20 * * MON-FRI", timeZone: "Europe/Berlin",
                minSize: 0, maxSize: 0, desiredCapacity: -1,
            });
            assert.deepEqual(made.named("web-schedule-morning").inputs, {
                autoscalingGroupName, scheduledActionName: "morning", recurrence: "0 7 * * MON-FRI", timeZone: "Etc/UTC",
                minSize: 2, maxSize: 4, desiredCapacity: -1,
            });
        });

        it("neither wakes nor shrinks the fleet by an up in between", async () => {
            const { ignoreChanges } = (await build({ schedules: [night, morning] })).named("web-group");
            assert.deepEqual(ignoreChanges, ["desiredCapacity", "initialLifecycleHooks", "minSize", "maxSize"]);
        });
    });

    it("surprises no running instance with a changed boot script, image or type: those are for the next launch", async () => {
        const changed = { bootScript: "#!/bin/bash\necho other\n", amiId: "ami-2", instanceType: "t3.medium" };
        for (const args of [changed, { ...changed, spot: true }, { ...changed, alternativeInstanceTypes: ["t3a.small"] }]) {
            const { inputs } = (await build(args)).named("web-group");
            assert.deepEqual(["instanceRefresh", "maxInstanceLifetime", "forceDelete"].filter(key => key in inputs), []);
        }
    });

    it("tells the names that others connect to", () => {
        const group = made.named("web-group").outputs;
        assert.deepEqual({ ...made.named("web").outputs, autoScalingGroup: "whole" }, {
            autoScalingGroup: "whole",
            deploymentTarget: { autoScalingGroupName: group["name"], autoScalingGroupArn: group["arn"] },
            autoScalingGroupName: group["name"],
            autoScalingGroupArn: group["arn"],
            logGroupName: made.named("web-logs").outputs["name"],
            securityGroupId: made.named("web-access").outputs["id"],
            instanceRoleName: made.named("web-instance-role").outputs["name"],
            fleetName: "web",
        });
    });

    it("refuses all wrong arguments in one error", async () => {
        await assert.rejects(build({
            instanceType: "small", minSize: 1, maxSize: 0, bootScript: `#!/bin/sh\n${"x".repeat(15360)}`, cpuPercent: 0, alternativeInstanceTypes: ["big"],
            schedules: [night],
        }), {
            message:
                "AutoscaledService 'web': minSize must be 2 or more, since half of the instances serve while the others change, got 1; " +
                "maxSize must be minSize (1) or more, got 0; instanceType must be one of EC2's such as t3.small or t4g.small, got 'small'; " +
                "bootScript must have at most 15360 bytes, got 15370; bootScript must begin with #!/bin/bash, since it runs as that; " +
                "alternativeInstanceTypes must be EC2's such as t3a.small, got 'big'; cpuPercent must be from 10 to 90, got 0; " +
                "a schedule turns the fleet off and none brings it back",
        });
    });
});
