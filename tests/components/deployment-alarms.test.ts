import assert from "node:assert/strict";
import { type Alarm, fires, type Minute } from "../support/metric-math";
import type { Registered } from "../support/registered";
import { buildPipeline as build } from "./deploy-pipeline-sample";

describe("DeployPipeline's alarms", () => {
    let made: Registered;
    before(async () => { made = await build(); });

    const balancer = { LoadBalancer: "app/web/2" };
    const targets = { ...balancer, TargetGroup: "targetgroup/web-1/1" };
    const metric = (id: string, metricName: string, stat: string, dimensions: object = targets) => ({
        id, returnData: false, metric: { namespace: "AWS/ApplicationELB", metricName, stat, period: 60, dimensions },
    });
    const common = { comparisonOperator: "GreaterThanThreshold", treatMissingData: "notBreaching" };

    it("watch the share of requests that the service or, in its place, the load balancer answered with 5xx, silent when there are few", () => {
        assert.deepEqual(made.named("web-errors").inputs, {
            ...common,
            evaluationPeriods: 3,
            datapointsToAlarm: 1,
            alarmDescription: "Share of requests that were answered with 5xx, in percent",
            threshold: 5,
            metricQueries: [
                metric("requests", "RequestCount", "Sum"),
                metric("errors", "HTTPCode_Target_5XX_Count", "Sum"),
                metric("unanswered", "HTTPCode_ELB_5XX_Count", "Sum", balancer),
                metric("most", "HealthyHostCount", "Maximum"),
                metric("least", "HealthyHostCount", "Minimum"),
                { id: "asked", returnData: false, expression: "FILL(requests, 0) + FILL(unanswered, 0)" },
                { id: "failed", returnData: false, expression: "FILL(errors, 0) + IF(FILL(least, 0) > 0, FILL(unanswered, 0), 0)" },
                { id: "share", returnData: false, expression: "IF(FILL(most, 0) > 0, 100 * failed / asked, 0)" },
                { id: "result", returnData: true, expression: "IF(asked >= 50, share, 0)" },
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

    it("count failed connections to the service's own instances where the load balancer's 5xx may be a neighbour's", async () => {
        const { metricQueries } = (await build({ sharedLoadBalancer: true })).named("web-errors").inputs;
        assert.deepEqual((metricQueries as unknown[])[2], metric("unanswered", "TargetConnectionErrorCount", "Sum"));
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

    describe("fire", () => {
        const alarm = (name: string) => made.named(name).inputs as unknown as Alarm;
        const bothFire = (minute: Minute) => ["web-errors", "web-latency"].filter(name => fires(alarm(name), minute));

        const never: readonly [string, Minute][] = [
            ["when there is nothing to measure", {}],
            ["before the first release, whoever knocks at instances without a service", { RequestCount: 5000, HTTPCode_ELB_5XX_Count: 5000, HealthyHostCount: 0 }],
            ["before the first instance, whoever knocks", { HTTPCode_ELB_5XX_Count: 5000 }],
            ["in the minute in which the first release begins to serve, for those who knocked before", {
                RequestCount: 600, HTTPCode_ELB_5XX_Count: 300, HealthyHostCount: { Minimum: 0, Maximum: 1 },
            }],
            ["when all is down, until the release that mends it", { RequestCount: 5000, HTTPCode_Target_5XX_Count: 5000, HealthyHostCount: 0 }],
            ["without traffic", { HealthyHostCount: 2 }],
            ["for few requests, though each fails slowly", { RequestCount: 49, HTTPCode_Target_5XX_Count: 49, TargetResponseTime: 60, HealthyHostCount: 2 }],
            ["for a few whom the load balancer turns away", { HTTPCode_ELB_5XX_Count: 49, HealthyHostCount: 2 }],
            ["for a sound release", { RequestCount: 5000, HTTPCode_Target_5XX_Count: 250, TargetResponseTime: 10, HealthyHostCount: 2 }],
        ];
        for (const [when, minute] of never) {
            it(`not ${when}`, () => {
                assert.deepEqual(bothFire(minute), []);
            });
        }

        it("for a service that fails, that is slow, or that does not answer on some of its instances", () => {
            assert.deepEqual(bothFire({ RequestCount: 50, HTTPCode_Target_5XX_Count: 3, HealthyHostCount: 1 }), ["web-errors"]);
            assert.deepEqual(bothFire({ RequestCount: 50, TargetResponseTime: 10.1, HealthyHostCount: 1 }), ["web-latency"]);
            assert.deepEqual(bothFire({ RequestCount: 100, HTTPCode_ELB_5XX_Count: 10, HealthyHostCount: 1 }), ["web-errors"]);
        });

        it("for a service that answers with errors until its hosts are taken for unhealthy, all of them in one minute", () => {
            assert.deepEqual(bothFire({ RequestCount: 100, HTTPCode_Target_5XX_Count: 10, HealthyHostCount: { Minimum: 0, Maximum: 2 } }), ["web-errors"]);
        });

        it("although the newest minute has not been measured yet, which FILL makes a good one", () => {
            const bad = { RequestCount: 100, HTTPCode_Target_5XX_Count: 50, TargetResponseTime: 60, HealthyHostCount: 2 };
            for (const name of ["web-errors", "web-latency"]) {
                const { evaluationPeriods, datapointsToAlarm } = made.named(name).inputs as { evaluationPeriods: number; datapointsToAlarm: number };
                const minutes: readonly Minute[] = [bad, bad, {}];
                const firing = minutes.slice(-evaluationPeriods).filter(minute => fires(alarm(name), minute)).length;
                assert.ok(firing >= datapointsToAlarm, name);
            }
        });

        it("too early without any one of the guards, as this very test would tell", () => {
            for (const name of ["web-errors", "web-latency"]) assert.equal(fires({ ...alarm(name), treatMissingData: "breaching" }, {}), true, name);
            const without = (name: string, guard: string, instead: string) => {
                const { metricQueries, ...rest } = alarm(name);
                const changed = metricQueries.map(query => (query.expression === guard ? { ...query, expression: instead } : query));
                assert.notDeepEqual(changed, metricQueries, guard);
                return never.some(([, minute]) => fires({ ...rest, metricQueries: changed }, minute));
            };
            assert.equal(without("web-errors", "IF(asked >= 50, share, 0)", "share"), true);
            assert.equal(without("web-errors", "IF(FILL(most, 0) > 0, 100 * failed / asked, 0)", "100 * failed / asked"), true);
            assert.equal(without("web-errors", "FILL(errors, 0) + IF(FILL(least, 0) > 0, FILL(unanswered, 0), 0)", "FILL(errors, 0) + FILL(unanswered, 0)"), true);
            assert.equal(without("web-latency", "IF(requests >= 50, latency, 0)", "latency"), true);
        });
    });
});
