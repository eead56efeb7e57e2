import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { waves } from "../release/minimum-healthy-hosts";
import { defaults, type RolloutPlan } from "../release/rollout";
import { check } from "./check";
import { missingMinutes, missingMinutesOfColour, unhealthyMinutes } from "./out-of-service";

/** How many hosts there should be: as many as an Auto Scaling group wants at the moment, or always the same number. */
export type WantedHosts = { readonly autoScalingGroupName: pulumi.Input<string> } | { readonly hosts: number };

export interface ServiceAlarmsArgs {
    /** SNS topic that is told when an alarm fires and when it is over. */
    readonly topicArn: pulumi.Input<string>;
    /** `LoadBalancer` dimension of the metrics. */
    readonly loadBalancerDimension: pulumi.Input<string>;
    /** `TargetGroup` dimension of the metrics. */
    readonly targetGroupDimension: pulumi.Input<string>;
    /** How many hosts there should be. Of an Auto Scaling group the metric `GroupDesiredCapacity` must be enabled. */
    readonly wanted: WantedHosts;
    /** Value of the dimension `Fleet` under which hosts report how full their disks are. */
    readonly fleetName: pulumi.Input<string>;
    /** The rollouts that must not set an alarm off, though each takes hosts out of service. @default what a rollout is by default */
    readonly plan?: RolloutPlan;
    /** Percent of a disk that may be in use. @default 80 */
    readonly diskPercent?: number;
    /** The second of two colours; what stands above is then blue's. @default none: there is one fleet */
    readonly green?: WatchedColour;
}

/** A colour's hosts, of which there are none while it is idle. */
export interface WatchedColour {
    /** `TargetGroup` dimension of the metrics. */
    readonly targetGroupDimension: pulumi.Input<string>;
    readonly autoScalingGroupName: pulumi.Input<string>;
}

/**
 * Tells operators of a service that is worse than it looks from outside: hosts that do not answer, are gone or fill up. None of these
 * alarms belongs into a deployment group: one that fires would keep CodeDeploy from the very release that mends it.
 */
export class ServiceAlarms extends pulumi.ComponentResource {
    readonly alarmNames: pulumi.Output<string[]>;

    constructor(name: string, args: ServiceAlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("gapless:index:ServiceAlarms", name, args, opts);
        const { topicArn, wanted, plan = defaults, diskPercent = 80 } = args;
        check(this, `ServiceAlarms '${name}'`, [
            "hosts" in wanted && args.green !== undefined && "wanted must be an Auto Scaling group where there is green: a colour's hosts come and go",
            "hosts" in wanted && wanted.hosts < 1 && `wanted.hosts must be 1 or more, got ${wanted.hosts}`,
            waves(plan.minSize, plan.minimumHealthyHosts).length === 0 &&
                `plan must let at least one of minSize (${plan.minSize}) hosts go at a time, or there is no rollout to wait for`,
            (diskPercent < 1 || diskPercent > 99) && `diskPercent must be 1 to 99, got ${diskPercent}`,
        ]);

        const alarm = (role: string, alarmArgs: aws.cloudwatch.MetricAlarmArgs) => new aws.cloudwatch.MetricAlarm(`${name}-${role}`, {
            ...alarmArgs, alarmActions: [topicArn], okActions: [topicArn],
        }, { parent: this });
        const alarms = [
            ...fleetsOf(args).flatMap(fleet => [
                alarm(`unhealthy${fleet.suffix}`, unhealthyHosts(fleet, unhealthyMinutes(plan))),
                alarm(`missing${fleet.suffix}`, missingHosts(fleet, fleet.isColour ? missingMinutesOfColour(plan) : missingMinutes(plan))),
            ]),
            alarm("disk", fullDisk(args.fleetName, diskPercent)),
        ];

        this.alarmNames = pulumi.all(alarms.map(({ name }) => name));
        this.registerOutputs({ alarmNames: this.alarmNames });
    }
}

/** Hosts behind one target group. */
interface Fleet {
    readonly suffix: "" | "-green";
    /** Whether it is one of two, which is idle most of the time. */
    readonly isColour: boolean;
    readonly wanted: WantedHosts;
    readonly dimensions: Dimensions;
}

function fleetsOf({ loadBalancerDimension: LoadBalancer, targetGroupDimension, wanted, green }: ServiceAlarmsArgs): readonly Fleet[] {
    const first = { suffix: "", isColour: green !== undefined, wanted, dimensions: { LoadBalancer, TargetGroup: targetGroupDimension } } as const;
    if (green === undefined) return [first];
    return [first, { suffix: "-green", isColour: true, wanted: green, dimensions: { LoadBalancer, TargetGroup: green.targetGroupDimension } }];
}

/**
 * The best moment of each minute counts, here and below: a host that is out for less than that is none to get up for. Without targets
 * there is no data, and then nobody is told: neither that all is well, which "notBreaching" would do, nor, at night, that a schedule
 * has turned the fleet off. Hosts that should be there and are not are the next alarm's affair.
 */
function unhealthyHosts(fleet: Fleet, minutes: number): aws.cloudwatch.MetricAlarmArgs {
    return {
        alarmDescription: `Hosts that the load balancer has found unhealthy for ${minutes} minutes, longer than a rollout's wave takes`,
        ...(fleet.isColour ? unhealthyWhileAsked(fleet) : unhealthyAtAll(fleet)),
        evaluationPeriods: minutes,
        threshold: 0,
        comparisonOperator: "GreaterThanThreshold",
        treatMissingData: "missing",
    };
}

function unhealthyAtAll({ dimensions }: Fleet) {
    return { namespace: "AWS/ApplicationELB", metricName: "UnHealthyHostCount", statistic: "Minimum", dimensions, period: 60 };
}

/** A colour whose release is on its way is unhealthy from its boot until it has it, and that is as it must be: no request goes there. */
function unhealthyWhileAsked({ dimensions }: Fleet) {
    return {
        metricQueries: [
            metric("requests", "AWS/ApplicationELB", "RequestCount", "Sum", dimensions),
            metric("unhealthy", "AWS/ApplicationELB", "UnHealthyHostCount", "Minimum", dimensions),
            { id: "serving", label: "Unhealthy hosts that are asked", expression: "IF(FILL(requests, 0) > 0, unhealthy, 0)", returnData: true },
        ],
    };
}

/**
 * A load balancer without targets reports nothing, which is none healthy. Of a group that a schedule has turned off, none is wanted,
 * and none is missing, nor of a colour that is idle; if it reports nothing at all, nobody is told. A fixed number of hosts is never turned off: no data, no hosts.
 */
function missingHosts({ wanted, dimensions }: Fleet, minutes: number): aws.cloudwatch.MetricAlarmArgs {
    const healthy = metric("healthy", "AWS/ApplicationELB", "HealthyHostCount", "Maximum", dimensions);
    const missing = (expression: string) => ({ id: "missing", label: "Missing hosts", expression, returnData: true });
    return {
        alarmDescription: `Fewer healthy hosts than wanted for ${minutes} minutes, longer than a rollout or a new host takes`,
        metricQueries: "hosts" in wanted
            ? [healthy, missing(`${wanted.hosts} - FILL(healthy, 0)`)]
            : [
                metric("wanted", "AWS/AutoScaling", "GroupDesiredCapacity", "Minimum", { AutoScalingGroupName: wanted.autoScalingGroupName }),
                healthy,
                missing("wanted - FILL(healthy, 0)"),
            ],
        evaluationPeriods: minutes,
        threshold: 0,
        comparisonOperator: "GreaterThanThreshold",
        treatMissingData: "hosts" in wanted ? "breaching" : "missing",
    };
}

/** The fullest disk of the fleet. Two times five minutes: pulling an image fills for a moment what is tidied up right after. */
function fullDisk(fleetName: pulumi.Input<string>, percent: number): aws.cloudwatch.MetricAlarmArgs {
    return {
        alarmDescription: `A host's disk is more than ${percent} % full: soon it has no room for the next image`,
        namespace: "Gapless",
        metricName: "disk_used_percent",
        statistic: "Maximum",
        dimensions: { Fleet: fleetName },
        period: 300,
        evaluationPeriods: 2,
        threshold: percent,
        comparisonOperator: "GreaterThanThreshold",
        treatMissingData: "missing",
    };
}

type Dimensions = Readonly<Record<string, pulumi.Input<string>>>;

function metric(id: string, namespace: string, metricName: string, stat: string, dimensions: Dimensions) {
    return { id, returnData: false, metric: { namespace, metricName, stat, period: 60, dimensions } };
}
