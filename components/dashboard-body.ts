import type { Colour } from "../release/blue-green/colour";

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
    /** The second of two colours; target group and hosts above are then blue's. Undefined where there is one fleet. */
    readonly green?: { readonly targetGroup: string; readonly autoScalingGroupName: string } | undefined;
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

/** Hosts behind one target group. */
interface Fleet {
    /** Undefined for the only one. */
    readonly colour: Colour | undefined;
    readonly targetGroup: string;
    readonly hosts: HostSources;
}

function fleetsOf({ targetGroup, hosts, green }: DashboardSources): readonly Fleet[] {
    if (green === undefined) return [{ colour: undefined, targetGroup, hosts }];
    const { autoScalingGroupName } = green;
    return [{ colour: "blue", targetGroup, hosts }, { colour: "green", targetGroup: green.targetGroup, hosts: { autoScalingGroupName } }];
}

/** What lines of a colour look like, the first and the second in a graph: by itself CloudWatch would draw green ones in orange. */
const strokes: Readonly<Record<Colour, readonly [string, string]>> = { blue: ["#1f77b4", "#aec7e8"], green: ["#2ca02c", "#98df8a"] };

/** How to show a line of a fleet; two fleets stand side by side in each graph. */
function shown({ colour }: Fleet, label: string, isSecond = false) {
    return colour === undefined ? { label } : { label: `${colour}: ${label}`, color: strokes[colour][isSecond ? 1 : 0] };
}

function panelsOf(sources: DashboardSources): readonly Panel[] {
    const { loadBalancer, fleetName } = sources;
    const fleets = fleetsOf(sources);
    const balancer = ["LoadBalancer", loadBalancer];
    const elb = (metric: string, dimensions: readonly string[], options: object): Line => ["AWS/ApplicationELB", metric, ...dimensions, { ...options }];
    /** Lines of each fleet: what is measured, what it is called, and how it is counted. */
    const each = (...lines: readonly (readonly [metric: string, label: string, more?: object])[]): readonly Line[] => fleets.flatMap(fleet =>
        lines.map(([metric, label, more], index) => elb(metric, ["TargetGroup", fleet.targetGroup, ...balancer], { ...shown(fleet, label, index > 0), ...more })));
    return [
        { title: "Requests a minute", stat: "Sum", lines: each(["RequestCount", "requests"]) },
        {
            title: "Answers with 5xx a minute",
            stat: "Sum",
            lines: [...each(["HTTPCode_Target_5XX_Count", "by the service"]), elb("HTTPCode_ELB_5XX_Count", balancer, { label: "by the load balancer" })],
        },
        { title: "Answer time in seconds", stat: "p50", lines: each(["TargetResponseTime", "p50"], ["TargetResponseTime", "p99", { stat: "p99" }]) },
        {
            title: "Hosts behind the load balancer",
            stat: "Maximum",
            lines: each(["HealthyHostCount", "healthy", { stat: "Minimum" }], ["UnHealthyHostCount", "unhealthy"]),
        },
        ...groupSizes(fleets),
        { title: "Processor in percent", stat: "Average", max: 100, lines: fleets.flatMap(processorLines) },
        {
            title: "Fullest disk in percent", stat: "Maximum", max: 100,
            lines: [["Gapless", "disk_used_percent", "Fleet", fleetName, { label: "in use" }]],
        },
    ];
}

function groupSizes(fleets: readonly Fleet[]): readonly Panel[] {
    const lines = fleets.flatMap(fleet => {
        const { hosts } = fleet;
        if (!("autoScalingGroupName" in hosts)) return [];
        const line = (metric: string, options: object): Line => ["AWS/AutoScaling", metric, "AutoScalingGroupName", hosts.autoScalingGroupName, { ...options }];
        return [line("GroupDesiredCapacity", shown(fleet, "wanted")), line("GroupInServiceInstances", shown(fleet, "in service", true))];
    });
    return lines.length === 0 ? [] : [{ title: fleets.length === 1 ? "Size of the Auto Scaling group" : "Size of the Auto Scaling groups", stat: "Maximum", lines }];
}

function processorLines(fleet: Fleet): readonly Line[] {
    const { hosts } = fleet;
    const line = (dimension: string, value: string, options: object): Line => ["AWS/EC2", "CPUUtilization", dimension, value, { ...options }];
    if ("instanceIds" in hosts) return hosts.instanceIds.map(id => line("InstanceId", id, { label: id }));
    const group = hosts.autoScalingGroupName;
    return [
        line("AutoScalingGroupName", group, shown(fleet, "average")),
        line("AutoScalingGroupName", group, { ...shown(fleet, "busiest host", true), stat: "Maximum" }),
    ];
}
