/** Where the numbers of a dashboard come from. */
export interface DashboardSources {
    readonly region: string;
    /** `LoadBalancer` dimension of the metrics. */
    readonly loadBalancer: string;
    /** `TargetGroup` dimension of the metrics. */
    readonly targetGroup: string;
    readonly hosts: HostSources;
    /** Value of the dimension `Fleet` under which hosts report how full their disks are. */
    readonly fleetName: string;
    readonly alarmArns: readonly string[];
}

/** A fleet's hosts: those of an Auto Scaling group, whoever they are, or certain instances. */
export type HostSources = { readonly autoScalingGroupName: string } | { readonly instanceIds: readonly string[] };

/** A line of a graph: namespace, metric, names and values of dimensions in turn, and how to show it. */
type Line = readonly (string | Readonly<Record<string, unknown>>)[];

interface Panel {
    readonly title: string;
    readonly lines: readonly Line[];
    readonly stat: string;
    /** Axis from zero to this value. @default as high as the lines are */
    readonly max?: number;
}

/** CloudWatch lays widgets out on 24 columns. */
const columns = 24;
const panelWidth = 8;
const panelHeight = 6;
const alarmsHeight = 3;

/** A dashboard: the alarms' state over all columns, below it three graphs in a row. */
export function dashboardBody(sources: DashboardSources) {
    const alarms = {
        type: "alarm", x: 0, y: 0, width: columns, height: alarmsHeight,
        properties: { title: "Alarms", alarms: sources.alarmArns },
    };
    return { widgets: [alarms, ...panelsOf(sources).map((panel, index) => graph(panel, index, sources.region))] };
}

function graph({ title, lines, stat, max }: Panel, index: number, region: string) {
    const inRow = columns / panelWidth;
    return {
        type: "metric",
        x: (index % inRow) * panelWidth,
        y: alarmsHeight + Math.floor(index / inRow) * panelHeight,
        width: panelWidth,
        height: panelHeight,
        properties: {
            title, region, stat, period: 60, view: "timeSeries", metrics: lines,
            yAxis: { left: { min: 0, ...(max !== undefined && { max }) } },
        },
    };
}

function panelsOf({ loadBalancer, targetGroup, hosts, fleetName }: DashboardSources): readonly Panel[] {
    const balancer = ["LoadBalancer", loadBalancer];
    const targets = ["TargetGroup", targetGroup, ...balancer];
    const elb = (metric: string, dimensions: readonly string[], label: string, more = {}): Line => ["AWS/ApplicationELB", metric, ...dimensions, { label, ...more }];
    return [
        { title: "Requests a minute", stat: "Sum", lines: [elb("RequestCount", targets, "requests")] },
        {
            title: "Answers with 5xx a minute",
            stat: "Sum",
            lines: [elb("HTTPCode_Target_5XX_Count", targets, "by the service"), elb("HTTPCode_ELB_5XX_Count", balancer, "by the load balancer")],
        },
        {
            title: "Answer time in seconds",
            stat: "p50",
            lines: [elb("TargetResponseTime", targets, "p50"), elb("TargetResponseTime", targets, "p99", { stat: "p99" })],
        },
        {
            title: "Hosts behind the load balancer",
            stat: "Maximum",
            lines: [elb("HealthyHostCount", targets, "healthy", { stat: "Minimum" }), elb("UnHealthyHostCount", targets, "unhealthy")],
        },
        ...("autoScalingGroupName" in hosts ? [groupSizes(hosts.autoScalingGroupName)] : []),
        { title: "Processor in percent", stat: "Average", max: 100, lines: processorLines(hosts) },
        {
            title: "Fullest disk in percent", stat: "Maximum", max: 100,
            lines: [["Gapless", "disk_used_percent", "Fleet", fleetName, { label: "in use" }]],
        },
    ];
}

function groupSizes(autoScalingGroupName: string): Panel {
    const line = (metric: string, label: string): Line => ["AWS/AutoScaling", metric, "AutoScalingGroupName", autoScalingGroupName, { label }];
    return {
        title: "Size of the Auto Scaling group",
        stat: "Maximum",
        lines: [line("GroupDesiredCapacity", "wanted"), line("GroupInServiceInstances", "in service")],
    };
}

function processorLines(hosts: HostSources): readonly Line[] {
    const line = (dimension: string, value: string, label: string, more = {}): Line => ["AWS/EC2", "CPUUtilization", dimension, value, { label, ...more }];
    if ("instanceIds" in hosts) return hosts.instanceIds.map(id => line("InstanceId", id, id));
    const group = hosts.autoScalingGroupName;
    return [
        line("AutoScalingGroupName", group, "average"),
        line("AutoScalingGroupName", group, "busiest host", { stat: "Maximum" }),
    ];
}
