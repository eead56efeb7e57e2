import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { accountOf } from "./account";
import { dashboardBody } from "./dashboard-body";
import type { WatchedColour } from "./service-alarms";

/** The instances to show: those of an Auto Scaling group, whoever they are, or certain ones. */
export type ShownHosts =
    | { readonly autoScalingGroupName: pulumi.Input<string> }
    | { readonly instanceIds: pulumi.Input<pulumi.Input<string>[]> };

export interface DashboardArgs {
    /** `LoadBalancer` dimension of the metrics. */
    readonly loadBalancerDimension: pulumi.Input<string>;
    /** `TargetGroup` dimension of the metrics. */
    readonly targetGroupDimension: pulumi.Input<string>;
    /** The instances to show. Of an Auto Scaling group the metrics of its size must be enabled. */
    readonly hosts: ShownHosts;
    /** Value of the dimension `Fleet` under which hosts report how full their disks are. */
    readonly fleetName: pulumi.Input<string>;
    /** Alarms to show the state of. */
    readonly alarmNames: pulumi.Input<pulumi.Input<string>[]>;
    /** The second of two colours; target group and hosts above are then blue's. @default none: there is one fleet */
    readonly green?: WatchedColour;
}

/** One page that shows how a service is: requests, errors, answer times, hosts, and which alarms fire. */
export class Dashboard extends pulumi.ComponentResource {
    readonly dashboardName: pulumi.Output<string>;

    constructor(name: string, args: DashboardArgs, opts?: pulumi.ComponentResourceOptions) {
        super("gapless:index:Dashboard", name, args, opts);
        const { partition, region, accountId } = accountOf(this);
        const alarms = pulumi.all([args.alarmNames, partition, region, accountId]);
        const alarmArns = alarms.apply(([names, ...where]) => names.map(alarm => `arn:${where[0]}:cloudwatch:${where[1]}:${where[2]}:alarm:${alarm}`));

        const dashboard = new aws.cloudwatch.Dashboard(`${name}-page`, {
            // Pulumi picks no name here, and AWS has one list of dashboards for all regions of an account.
            dashboardName: [pulumi.getProject(), pulumi.getStack(), name].join("-").replace(/[^\w-]/g, "-"),
            dashboardBody: pulumi.jsonStringify(pulumi.output({
                region,
                loadBalancer: args.loadBalancerDimension,
                targetGroup: args.targetGroupDimension,
                hosts: args.hosts,
                fleetName: args.fleetName,
                alarmArns,
                ...(args.green && { green: { targetGroup: args.green.targetGroupDimension, autoScalingGroupName: args.green.autoScalingGroupName } }),
            }).apply(dashboardBody)),
        }, { parent: this });

        this.dashboardName = dashboard.dashboardName;
        this.registerOutputs({ dashboardName: this.dashboardName });
    }
}
