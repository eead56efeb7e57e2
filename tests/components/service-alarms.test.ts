import assert from "node:assert/strict";
import { ServiceAlarms, type ServiceAlarmsArgs } from "../../components";
import { missingMinutes, unhealthyMinutes } from "../../components/out-of-service";
import { oneAtATime } from "../../release/minimum-healthy-hosts";
import { defaults } from "../../release/rollout";
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

    it("refuse all wrong arguments at once", async () => {
        await assert.rejects(
            build({ wanted: { hosts: 0 }, diskPercent: 100, plan: { ...defaults, minSize: 1 } }),
            /'alarms': wanted\.hosts must be 1 or more, got 0; plan must let at least one of minSize \(1\) hosts go at a time, .+; diskPercent must be 1 to 99, got 100/,
        );
    });
});
