import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

export interface AlarmTarget {
    /** `LoadBalancer` dimension of the metrics. */
    readonly loadBalancer: pulumi.Input<string>;
    /** `TargetGroup` dimension of the metrics. */
    readonly targetGroup: pulumi.Input<string>;
    /** Requests a minute below which an alarm stays silent: of few requests, one is already a high share. */
    readonly minimumRequests: number;
    /** Whether other services answer through the same load balancer. */
    readonly shared: boolean;
}

/**
 * Fires when too many requests are answered with 5xx: by the service itself, or in its place by the load balancer, which does so
 * for a container that has crashed or hangs. The load balancer does not count its own answers for a target group, so where it
 * serves others, too, failed connections stand for them.
 */
export function errorRateAlarm(target: AlarmTarget, percent: number): aws.cloudwatch.MetricAlarmArgs {
    const dimensions = dimensionsOf(target);
    return {
        ...common("Share of requests that were answered with 5xx, in percent", percent),
        // Metrics of a load balancer come late, and FILL makes the newest minute a good one as long as it is empty: alone, it would
        // be all that CloudWatch looks at. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
        evaluationPeriods: 3,
        datapointsToAlarm: 1,
        metricQueries: [
            requests(target),
            metric("errors", "HTTPCode_Target_5XX_Count", "Sum", dimensions),
            target.shared
                ? metric("unanswered", "TargetConnectionErrorCount", "Sum", dimensions)
                : metric("unanswered", "HTTPCode_ELB_5XX_Count", "Sum", { LoadBalancer: target.loadBalancer }),
            metric("most", "HealthyHostCount", "Maximum", dimensions),
            metric("least", "HealthyHostCount", "Minimum", dimensions),
            // What did not happen has no metric, and without FILL no sum. RequestCount leaves out what found no target, so the sum
            // counts all; a request that failed on its way to one counts twice, so the share may come out at half of what it is.
            expression("asked", "FILL(requests, 0) + FILL(unanswered, 0)"),
            // In the minute in which the first release begins to serve, those who knocked before got no answer. So what is unanswered
            // counts only while hosts are healthy throughout; what the service itself says always does.
            expression("failed", "FILL(errors, 0) + IF(FILL(least, 0) > 0, FILL(unanswered, 0), 0)"),
            // Where no host is healthy for a whole minute, there is nothing to go back to: before the first release, which an alarm
            // must not keep from starting, whoever asks meanwhile; and when all is down, until the release that repairs it.
            expression("share", "IF(FILL(most, 0) > 0, 100 * failed / asked, 0)"),
            silentBelow(target.minimumRequests, "asked", "share"),
        ],
    };
}

/** Fires when one request in a hundred takes too long in two of three minutes: over few requests, that one is nearly the slowest. */
export function latencyAlarm(target: AlarmTarget, seconds: number): aws.cloudwatch.MetricAlarmArgs {
    return {
        ...common("99th percentile of the service's answer time, in seconds", seconds),
        evaluationPeriods: 3,
        datapointsToAlarm: 2,
        metricQueries: [
            requests(target),
            metric("latency", "TargetResponseTime", "p99", dimensionsOf(target)),
            silentBelow(target.minimumRequests, "requests", "latency"),
        ],
    };
}

/**
 * One minute is the finest that a load balancer reports and most of a rollout's length. No data is no reason to stop: while an
 * alarm of the group fires, CodeDeploy starts no deployment, neither the release that repairs the service nor that of an
 * instance that scaling has launched, so operators are told at once. For such a repair an operator turns the group's alarms off, with
 * `aws deploy update-deployment-group … --alarm-configuration enabled=false`; `pulumi up --refresh` turns them on again.
 */
function common(alarmDescription: string, threshold: number) {
    return { alarmDescription, threshold, comparisonOperator: "GreaterThanThreshold", treatMissingData: "notBreaching" };
}

function requests(target: AlarmTarget) {
    return metric("requests", "RequestCount", "Sum", dimensionsOf(target));
}

type Dimensions = Readonly<Record<string, pulumi.Input<string>>>;

function dimensionsOf({ loadBalancer, targetGroup }: AlarmTarget): Dimensions {
    return { LoadBalancer: loadBalancer, TargetGroup: targetGroup };
}

function metric(id: string, metricName: string, stat: string, dimensions: Dimensions) {
    return { id, returnData: false, metric: { namespace: "AWS/ApplicationELB", metricName, stat, period: 60, dimensions } };
}

function expression(id: string, expression: string) {
    return { id, returnData: false, expression };
}

function silentBelow(minimumRequests: number, count: string, value: string) {
    return { ...expression("result", `IF(${count} >= ${minimumRequests}, ${value}, 0)`), returnData: true };
}
