import assert from "node:assert/strict";
import { Dashboard } from "../../components";
import { dashboardBody, type DashboardSources } from "../../components/dashboard-body";
import { registered } from "../support/registered";

const sources: DashboardSources = {
    region: "eu-north-1",
    loadBalancer: "app/web/2",
    targetGroup: "targetgroup/web-1/1",
    hosts: { autoScalingGroupName: "hosts-1" },
    fleetName: "shop-dev-web",
    alarmArns: ["arn:aws:cloudwatch:eu-north-1:111122223333:alarm:web-errors"],
};

interface Place {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
}

interface Graph extends Place {
    readonly type: string;
    readonly properties: { readonly title: string; readonly stat: string; readonly region: string; readonly metrics: (string | { stat?: string })[][]; readonly yAxis: unknown };
}

function graphsOf(hosts: DashboardSources["hosts"] = sources.hosts): readonly Graph[] {
    return dashboardBody({ ...sources, hosts }).widgets.filter(({ type }) => type === "metric") as unknown as readonly Graph[];
}

/** What a graph draws: statistic, metric and dimensions of each line. */
function linesOf(title: string, hosts?: DashboardSources["hosts"]): readonly string[] {
    const graph = graphsOf(hosts).find(({ properties }) => properties.title === title) ?? assert.fail(`no graph ${title}`);
    return graph.properties.metrics.map(line => {
        const { stat = graph.properties.stat } = line.at(-1) as { stat?: string };
        return [stat, ...line.filter(part => typeof part === "string")].join(" ");
    });
}

describe("a dashboard", () => {
    const targets = "TargetGroup targetgroup/web-1/1 LoadBalancer app/web/2";
    const expected = {
        "Requests a minute": [`Sum AWS/ApplicationELB RequestCount ${targets}`],
        "Answers with 5xx a minute": [
            `Sum AWS/ApplicationELB HTTPCode_Target_5XX_Count ${targets}`, "Sum AWS/ApplicationELB HTTPCode_ELB_5XX_Count LoadBalancer app/web/2",
        ],
        "Answer time in seconds": [`p50 AWS/ApplicationELB TargetResponseTime ${targets}`, `p99 AWS/ApplicationELB TargetResponseTime ${targets}`],
        "Hosts behind the load balancer": [
            `Minimum AWS/ApplicationELB HealthyHostCount ${targets}`, `Maximum AWS/ApplicationELB UnHealthyHostCount ${targets}`,
        ],
        "Size of the Auto Scaling group": [
            "Maximum AWS/AutoScaling GroupDesiredCapacity AutoScalingGroupName hosts-1", "Maximum AWS/AutoScaling GroupInServiceInstances AutoScalingGroupName hosts-1",
        ],
        "Processor in percent": ["Average AWS/EC2 CPUUtilization AutoScalingGroupName hosts-1", "Maximum AWS/EC2 CPUUtilization AutoScalingGroupName hosts-1"],
        "Fullest disk in percent": ["Maximum Gapless disk_used_percent Fleet shop-dev-web"],
    };

    for (const [title, lines] of Object.entries(expected)) {
        it(`shows ${title.toLowerCase()}`, () => { assert.deepEqual(linesOf(title), lines); });
    }

    it("shows nothing else, all of it in the stack's region and from zero on", () => {
        assert.deepEqual(graphsOf().map(({ properties }) => properties.title), Object.keys(expected));
        for (const { properties } of graphsOf()) {
            assert.equal(properties.region, "eu-north-1", properties.title);
            const max = properties.title.includes("percent") ? { max: 100 } : {};
            assert.deepEqual(properties.yAxis, { left: { min: 0, ...max } }, properties.title);
        }
    });

    it("shows certain instances one by one, and no group", () => {
        const hosts = { instanceIds: ["i-1", "i-2"] };
        assert.deepEqual(linesOf("Processor in percent", hosts), ["Average AWS/EC2 CPUUtilization InstanceId i-1", "Average AWS/EC2 CPUUtilization InstanceId i-2"]);
        assert.deepEqual(graphsOf(hosts).map(({ properties }) => properties.title), Object.keys(expected).filter(title => !title.includes("group")));
    });

    describe("of two colours", () => {
        const body = dashboardBody({ ...sources, green: { targetGroup: "targetgroup/web-green-1/2", autoScalingGroupName: "hosts-green-1" } });
        const graphs = body.widgets.filter(({ type }) => type === "metric") as unknown as readonly Graph[];
        type Shown = { readonly label: string; readonly color?: string };
        const lines = graphs.map(({ properties: { title, metrics } }) => ({
            title, lines: metrics.map(line => ({ words: line.filter(part => typeof part === "string").join(" "), ...(line.at(-1) as Shown) })),
        }));

        it("draws both side by side in each graph: the same lines of each, and what is of neither once", () => {
            const asBlue = (words: string) => words.replace("web-green-1/2", "web-1/1").replace("hosts-green-1", "hosts-1");
            const shared = lines.flatMap(({ lines }) => lines.filter(({ color }) => color === undefined).map(({ label }) => label));
            assert.deepEqual(shared, ["by the load balancer", "in use"]);
            for (const { title, lines: all } of lines) {
                const of = (colour: string) => all.filter(({ label }) => label.startsWith(`${colour}: `)).map(({ words, label }) => [asBlue(words), label.replace(`${colour}: `, "")]);
                assert.deepEqual(of("green"), of("blue"), title);
                assert.equal(new Set(all.map(({ words, label }) => `${words} ${label}`)).size, all.length, title);
            }
            assert.deepEqual(lines.map(({ title }) => title), Object.keys(expected).map(title => title.replace("group", "groups")));
        });

        it("shows how the requests are shared out, as the load balancer counts them for each colour", () => {
            const balancer = "LoadBalancer app/web/2";
            assert.deepEqual(lines.find(({ title }) => title === "Requests a minute")?.lines, [
                { words: `AWS/ApplicationELB RequestCount TargetGroup targetgroup/web-1/1 ${balancer}`, label: "blue: requests", color: "#1f77b4" },
                { words: `AWS/ApplicationELB RequestCount TargetGroup targetgroup/web-green-1/2 ${balancer}`, label: "green: requests", color: "#2ca02c" },
            ]);
        });

        it("gives each line of a graph a look of its own", () => {
            for (const { title, lines: all } of lines) {
                const colours = all.flatMap(({ color }) => (color === undefined ? [] : [color]));
                assert.equal(new Set(colours).size, colours.length, title);
            }
        });
    });

    it("begins with the alarms' state", () => {
        assert.deepEqual(dashboardBody(sources).widgets[0], {
            type: "alarm", x: 0, y: 0, width: 24, height: 3, properties: { title: "Alarms", alarms: sources.alarmArns },
        });
    });

    for (const hosts of [sources.hosts, { instanceIds: ["i-1"] }]) {
        it(`lays its widgets out within 24 columns and none over another, of ${Object.keys(hosts).join("")}`, () => {
            const widgets: readonly Place[] = dashboardBody({ ...sources, hosts }).widgets;
            for (const [index, { x, y, width, height }] of widgets.entries()) {
                assert.ok(x >= 0 && y >= 0 && width >= 1 && height >= 1 && x + width <= 24, `widget ${index} lies outside`);
                const over = widgets.slice(index + 1).filter(other =>
                    x < other.x + other.width && other.x < x + width && y < other.y + other.height && other.y < y + height);
                assert.deepEqual(over, [], `something lies over widget ${index}`);
            }
        });
    }
});

describe("Dashboard", () => {
    const build = (stack?: string) => registered(() => {
        const dashboard = new Dashboard("web-board", {
            loadBalancerDimension: "app/web/2", targetGroupDimension: "targetgroup/web-1/1", hosts: { autoScalingGroupName: "hosts-1" },
            fleetName: "shop-dev-web", alarmNames: ["web-errors", "web-disk"],
        });
        return dashboard.dashboardName;
    }, stack === undefined ? {} : { stack });

    it("shows its sources, and alarms of its own account and region", async () => {
        const all = await build();
        const { dashboardName, dashboardBody: body } = all.named("web-board-page").inputs;
        assert.equal(dashboardName, "gapless-dev-web-board");
        assert.deepEqual(JSON.parse(String(body)), dashboardBody({
            ...sources,
            region: "eu-central-1",
            alarmArns: ["web-errors", "web-disk"].map(name => `arn:aws:cloudwatch:eu-central-1:111122223333:alarm:${name}`),
        }));
        assert.deepEqual(all.named("web-board").outputs, { dashboardName });
    });

    it("shows green beside blue", async () => {
        const all = await registered(() => new Dashboard("web-board", {
            loadBalancerDimension: "app/web/2", targetGroupDimension: "targetgroup/web-1/1", hosts: { autoScalingGroupName: "hosts-1" },
            fleetName: "shop-dev-web", alarmNames: [], green: { targetGroupDimension: "targetgroup/web-green-1/2", autoScalingGroupName: "hosts-green-1" },
        }).dashboardName);
        assert.deepEqual(JSON.parse(String(all.named("web-board-page").inputs["dashboardBody"])), dashboardBody({
            ...sources, region: "eu-central-1", alarmArns: [], green: { targetGroup: "targetgroup/web-green-1/2", autoScalingGroupName: "hosts-green-1" },
        }));
    });

    it("is called after project and stack in the letters that CloudWatch takes", async () => {
        assert.equal((await build("team.dev")).named("web-board-page").inputs["dashboardName"], "gapless-team-dev-web-board");
    });
});
