import assert from "node:assert/strict";
import { ServiceAlarms, type ServiceAlarmsArgs } from "../../components";
import { missingMinutes, missingMinutesOfColour, unhealthyMinutes } from "../../components/out-of-service";
import { forecastRoll } from "../../release/blue-green/forecast";
import { oneAtATime } from "../../release/minimum-healthy-hosts";
import { defaults } from "../../release/rollout";
import { type Alarm, fires, type Minute } from "../support/metric-math";
import { registered, type Registered } from "../support/registered";

const topicArn = "arn:aws:sns:eu-central-1:111122223333:notices";
const args: ServiceAlarmsArgs = {
    topicArn,
    loadBalancerDimension: "app/web/2",
    targetGroupDimension: "targetgroup/web-1/1",
    wanted: { autoScalingGroupName: "hosts-1" },
    fleetName: "shop-dev-web",
};
const build = (more: Partial<ServiceAlarmsArgs> = {}): Promise<Registered> =>
    registered(() => { new ServiceAlarms("alarms", { ...args, ...more }); });

describe("ServiceAlarms", () => {
    let made: Registered;
    before(async () => { made = await build(); });

    const targets = { LoadBalancer: "app/web/2", TargetGroup: "targetgroup/web-1/1" };
    const common = { comparisonOperator: "GreaterThanThreshold", alarmActions: [topicArn], okActions: [topicArn] };

    it("fire when a host is unhealthy throughout more minutes than a wave takes, and are silent when there are no hosts", () => {
        assert.deepEqual(made.named("alarms-unhealthy").inputs, {
            ...common,
            alarmDescription: "Hosts that the load balancer has found unhealthy for 2 minutes, longer than a rollout's wave takes",
            namespace: "AWS/ApplicationELB",
            metricName: "UnHealthyHostCount",
            statistic: "Minimum",
            dimensions: targets,
            period: 60,
            evaluationPeriods: 2,
            threshold: 0,
            treatMissingData: "missing",
        });
    });

    const healthy = {
        id: "healthy", returnData: false,
        metric: { namespace: "AWS/ApplicationELB", metricName: "HealthyHostCount", stat: "Maximum", period: 60, dimensions: targets },
    };

    it("fire when fewer hosts are healthy than the group wants, for longer than a rollout or a boot takes", () => {
        assert.deepEqual(made.named("alarms-missing").inputs, {
            ...common,
            alarmDescription: "Fewer healthy hosts than wanted for 16 minutes, longer than a rollout or a new host takes",
            metricQueries: [
                {
                    id: "wanted", returnData: false,
                    metric: {
                        namespace: "AWS/AutoScaling", metricName: "GroupDesiredCapacity", stat: "Minimum", period: 60,
                        dimensions: { AutoScalingGroupName: "hosts-1" },
                    },
                },
                healthy,
                { id: "missing", label: "Missing hosts", expression: "wanted - FILL(healthy, 0)", returnData: true },
            ],
            evaluationPeriods: 16,
            threshold: 0,
            treatMissingData: "missing",
        });
    });

    it("fire when fewer hosts are healthy than a fixed number, also when the load balancer has none to report of", async () => {
        const { metricQueries, treatMissingData } = (await build({ wanted: { hosts: 4 } })).named("alarms-missing").inputs;
        assert.deepEqual(metricQueries, [healthy, { id: "missing", label: "Missing hosts", expression: "4 - FILL(healthy, 0)", returnData: true }]);
        assert.equal(treatMissingData, "breaching");
    });

    it("fire when the fullest disk of the fleet stays over 80 %", () => {
        assert.deepEqual(made.named("alarms-disk").inputs, {
            ...common,
            alarmDescription: "A host's disk is more than 80 % full: soon it has no room for the next image",
            namespace: "Gapless",
            metricName: "disk_used_percent",
            statistic: "Maximum",
            dimensions: { Fleet: "shop-dev-web" },
            period: 300,
            evaluationPeriods: 2,
            threshold: 80,
            treatMissingData: "missing",
        });
    });

    it("wait as long as the stack's own rollouts take", async () => {
        const plan = {
            ...defaults, minSize: 4, maxSize: 12, minimumHealthyHosts: oneAtATime, zones: 3,
            healthCheck: { ...defaults.healthCheck, intervalSeconds: 60 },
        };
        const all = await build({ plan, diskPercent: 90 });
        assert.equal(all.named("alarms-unhealthy").inputs["evaluationPeriods"], unhealthyMinutes(plan));
        assert.equal(all.named("alarms-missing").inputs["evaluationPeriods"], missingMinutes(plan));
        assert.equal(all.named("alarms-disk").inputs["threshold"], 90);
    });

    it("are the only three, by the names that it gives", () => {
        const names = ["unhealthy", "missing", "disk"].map(role => made.named(`alarms-${role}`).outputs["name"]);
        assert.deepEqual(made.named("alarms").outputs, { alarmNames: names });
        assert.equal(made.ofType("aws:cloudwatch/metricAlarm:MetricAlarm").length, 3);
    });

    describe("of two colours", () => {
        const green = { targetGroupDimension: "targetgroup/web-green-1/2", autoScalingGroupName: "hosts-green-1" };
        const roles = ["unhealthy", "missing", "unhealthy-green", "missing-green"];
        let both: Registered;
        before(async () => { both = await build({ green }); });

        const firing = (minute: Minute) => roles.filter(role => fires(both.named(`alarms-${role}`).inputs as unknown as Alarm, minute));

        it("look at one colour each, and at one disk for both", () => {
            const names = [...roles, "disk"].map(role => both.named(`alarms-${role}`).outputs["name"]);
            assert.deepEqual([...both.named("alarms").outputs["alarmNames"] as string[]].sort(), [...names].sort());
            assert.equal(both.ofType("aws:cloudwatch/metricAlarm:MetricAlarm").length, 5);
            for (const role of roles) {
                const text = JSON.stringify(both.named(`alarms-${role}`).inputs["metricQueries"]);
                const [own, other] = role.endsWith("green") ? ["web-green-1", "web-1"] : ["web-1", "web-green-1"];
                assert.deepEqual([text.includes(`targetgroup/${own}/`), text.includes(`targetgroup/${other}/`)], [true, false], role);
            }
            for (const [role, group] of [["missing", "hosts-1"], ["missing-green", "hosts-green-1"]]) {
                assert.ok(JSON.stringify(both.named(`alarms-${role}`).inputs["metricQueries"]).includes(`"AutoScalingGroupName":"${group}"`), role);
            }
        });

        it("are silent about one that is idle, which has no hosts, and about one that gets its release, which is not asked yet", () => {
            assert.deepEqual(firing({}), []);
            assert.deepEqual(firing({ GroupDesiredCapacity: 0 }), []);
            assert.deepEqual(firing({ GroupDesiredCapacity: 0, HealthyHostCount: 0, UnHealthyHostCount: 0 }), []);
            assert.deepEqual(firing({ GroupDesiredCapacity: 2, HealthyHostCount: 2, UnHealthyHostCount: 0 }), []);
            assert.deepEqual(firing({ GroupDesiredCapacity: 2, HealthyHostCount: 0, UnHealthyHostCount: 2 }), ["missing", "missing-green"]);
        });

        it("fire when one that is asked has hosts that are unhealthy, or lacks some", () => {
            const asked = { RequestCount: 1, GroupDesiredCapacity: 2 };
            assert.deepEqual(firing({ ...asked, HealthyHostCount: 2, UnHealthyHostCount: 0 }), []);
            assert.deepEqual(firing({ ...asked, HealthyHostCount: 2, UnHealthyHostCount: 1 }), ["unhealthy", "unhealthy-green"]);
            assert.deepEqual(firing({ ...asked, HealthyHostCount: 1 }), ["missing", "missing-green"]);
        });

        it("grant an idle colour the time to boot and to get its release, and the one that is asked no more than before", () => {
            const { boot, install } = forecastRoll(defaults).secondsPerStep;
            for (const role of ["missing", "missing-green"]) {
                assert.ok(Number(both.named(`alarms-${role}`).inputs["evaluationPeriods"]) * 60 > boot + install, role);
                assert.equal(both.named(`alarms-${role}`).inputs["evaluationPeriods"], missingMinutesOfColour(defaults));
            }
            for (const role of ["unhealthy", "unhealthy-green"]) assert.equal(both.named(`alarms-${role}`).inputs["evaluationPeriods"], unhealthyMinutes(defaults), role);
        });

        it("grant the time of a slow boot, too", () => {
            assert.equal(missingMinutesOfColour({ ...defaults, healthCheckGraceSeconds: 7200 }), 121);
        });

        it("tell the topic of each", () => {
            for (const role of roles) {
                const { alarmActions, okActions } = both.named(`alarms-${role}`).inputs;
                assert.deepEqual([alarmActions, okActions], [[topicArn], [topicArn]], role);
            }
        });

        it("refuse a fixed number of hosts", async () => {
            await assert.rejects(build({ green, wanted: { hosts: 2 } }), /wanted must be an Auto Scaling group where there is green: a colour's hosts come and go/);
        });
    });

    it("refuse all wrong arguments at once", async () => {
        await assert.rejects(
            build({ wanted: { hosts: 0 }, diskPercent: 100, plan: { ...defaults, minSize: 1 } }),
            /'alarms': wanted\.hosts must be 1 or more, got 0; plan must let at least one of minSize \(1\) hosts go at a time, .+; diskPercent must be 1 to 99, got 100/,
        );
    });
});
