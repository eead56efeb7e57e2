import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

export interface AlarmTarget {
    /** `LoadBalancer` dimension of the metrics. */
    readonly loadBalancer: pulumi.Input<string>;
    /** `TargetGroup` dimension of the metrics. */
    readonly targetGroup: pulumi.Input<string>;
    /** Requests a minute below which an alarm stays silent: of few requests, one is already a high share. */
    readonly minimumRequests: number;
}

/** Fires when the service itself answers too many requests with 5xx. */
export function errorRateAlarm(target: AlarmTarget, percent: number): aws.cloudwatch.MetricAlarmArgs {
    return {
        ...common("Share of requests that the service answered with 5xx, in percent", percent),
        metricQueries: [
            requests(target),
            metric(target, "errors", "HTTPCode_Target_5XX_Count", "Sum"),
            // Without an error there is no error metric, and without this FILL no result.
            silentBelow(target.minimumRequests, "100 * FILL(errors, 0) / requests"),
        ],
    };
}

/** Fires when one request in a hundred takes too long. */
export function latencyAlarm(target: AlarmTarget, seconds: number): aws.cloudwatch.MetricAlarmArgs {
    return {
        ...common("99th percentile of the service's answer time, in seconds", seconds),
        metricQueries: [
            requests(target),
            metric(target, "latency", "TargetResponseTime", "p99"),
            silentBelow(target.minimumRequests, "latency"),
        ],
    };
}

/**
 * One minute is the finest that a load balancer reports and most of a rollout's length. No data is no reason to stop: CodeDeploy
 * refuses to deploy while an alarm of the group fires, so one that fires at night would block the release that repairs it.
 */
function common(alarmDescription: string, threshold: number) {
    return { alarmDescription, threshold, comparisonOperator: "GreaterThanThreshold", evaluationPeriods: 1, treatMissingData: "notBreaching" };
}

function requests(target: AlarmTarget) {
    return metric(target, "requests", "RequestCount", "Sum");
}

function metric({ loadBalancer, targetGroup }: AlarmTarget, id: string, metricName: string, stat: string) {
    return {
        id,
        returnData: false,
        metric: {
            namespace: "AWS/ApplicationELB", metricName, stat, period: 60,
            dimensions: { LoadBalancer: loadBalancer, TargetGroup: targetGroup },
        },
    };
}

function silentBelow(minimumRequests: number, expression: string) {
    return { id: "result", returnData: true, expression: `IF(requests >= ${minimumRequests}, ${expression}, 0)` };
}
