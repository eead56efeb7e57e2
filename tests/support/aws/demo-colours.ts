import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { AutoScalingClient, CreateAutoScalingGroupCommand, DescribeAutoScalingGroupsCommand, UpdateAutoScalingGroupCommand } from "@aws-sdk/client-auto-scaling";
import { CloudWatchClient, PutMetricAlarmCommand } from "@aws-sdk/client-cloudwatch";
import {
    type Action, CreateListenerCommand, CreateRuleCommand, CreateTargetGroupCommand, DescribeLoadBalancersCommand, DescribeTargetGroupsCommand,
    DescribeTargetHealthCommand, DeregisterTargetsCommand, ElasticLoadBalancingV2Client, type RuleCondition,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { type Colour, colourHeader, colourHeaderValue } from "../../../release/blue-green/colour";
import type { BlueGreen } from "../../../release/stage";
import type { DoubleAccess } from "./double-access";

export const colourSecret = "0123456789abcdef";

/** How a stage of two colours is released, as its settings say. */
export type ColourSettings = Partial<Pick<BlueGreen, "shiftPercents" | "bakeSeconds" | "warmSeconds">> & {
    /** Where the weights are. @default a listener of the stack's own */
    readonly weightsIn?: "listener" | "rule";
};

/** The client's way into a service, as far as probes go. */
export class Entrance implements AsyncDisposable {
    /** Path and colour of each request. */
    readonly requests: { readonly path: string | undefined; readonly host: string | undefined; readonly colour: string | undefined }[] = [];
    /** What it answers. */
    answer = { status: 200, body: "ready" };
    private readonly server: Server;

    private constructor() {
        this.server = createServer((request: IncomingMessage, response) => {
            this.requests.push({ path: request.url, host: request.headers.host?.replace(/:\d+$/, ""), colour: request.headers[colourHeader.toLowerCase()]?.toString() });
            response.writeHead(this.answer.status).end(this.answer.body);
        });
        this.server.unref();
    }

    static async open(): Promise<Entrance> {
        const entrance = new Entrance();
        await new Promise<void>(resolve => entrance.server.listen(0, "127.0.0.1", resolve));
        return entrance;
    }

    get url(): string {
        return `http://shop.example:${(this.server.address() as AddressInfo).port}`;
    }

    async [Symbol.asyncDispose](): Promise<void> {
        this.server.closeAllConnections();
        await new Promise(resolve => this.server.close(resolve));
    }
}

/** Adds the second colour to a stage's account, and what leads to both. The first is what a rolling stage has. */
export async function addColours(access: DoubleAccess, name: string, blue: { readonly targetGroupArn: string; readonly alarms: string[] }, settings: ColourSettings = {}): Promise<BlueGreen> {
    const arns = { blue: blue.targetGroupArn, green: await addTargets(access, `${name}-green`, blue.targetGroupArn) };
    const { rules, weights } = await addListener(access, name, arns, settings.weightsIn);
    await addGreenGroup(access, name, arns.green);
    return {
        blue: { autoScalingGroup: name, deploymentGroup: "", targetGroupArn: arns.blue, headerRuleArn: rules.blue, alarms: blue.alarms },
        green: { autoScalingGroup: `${name}-green`, deploymentGroup: "", targetGroupArn: arns.green, headerRuleArn: rules.green, alarms: [await addAlarm(access, `${name}-green-errors`)] },
        weights, probePath: "/orders", dnsTarget: "127.0.0.1",
        ...{ shiftPercents: [100], bakeSeconds: 0, warmSeconds: 1800, ...settings },
    };
}

/** Beside those of the first colour. */
async function addTargets(access: DoubleAccess, Name: string, beside: string): Promise<string> {
    const elb = new ElasticLoadBalancingV2Client(access);
    const { TargetGroups: [first] = [] } = await elb.send(new DescribeTargetGroupsCommand({ TargetGroupArns: [beside] }));
    const { TargetGroups: [made] = [] } = await elb.send(new CreateTargetGroupCommand({ Name, Protocol: "HTTP", Port: 80, VpcId: first?.VpcId, TargetType: "instance" }));
    return made?.TargetGroupArn ?? "";
}

async function addListener(access: DoubleAccess, balancerName: string, arns: Readonly<Record<Colour, string>>, weightsIn: ColourSettings["weightsIn"]): Promise<{ readonly rules: Readonly<Record<Colour, string>>; readonly weights: BlueGreen["weights"] }> {
    const elb = new ElasticLoadBalancingV2Client(access);
    const weighted: Action = {
        Type: "forward",
        ForwardConfig: { TargetGroups: [{ TargetGroupArn: arns.blue, Weight: 100 }, { TargetGroupArn: arns.green, Weight: 0 }], TargetGroupStickinessConfig: { Enabled: false } },
    };
    const { LoadBalancers: [balancer] = [] } = await elb.send(new DescribeLoadBalancersCommand({ Names: [balancerName] }));
    const { Listeners: [listener] = [] } = await elb.send(new CreateListenerCommand({ LoadBalancerArn: balancer?.LoadBalancerArn, Protocol: "HTTP", Port: 80, DefaultActions: [weighted] }));
    const listenerArn = listener?.ListenerArn ?? "";
    const addRule = async (Priority: number, action: Action, condition: RuleCondition): Promise<string> => {
        const { Rules: [rule] = [] } = await elb.send(new CreateRuleCommand({ ListenerArn: listenerArn, Priority, Actions: [action], Conditions: [condition] }));
        return rule?.RuleArn ?? "";
    };
    const headerRule = (colour: Colour, priority: number): Promise<string> => addRule(priority, { Type: "forward", TargetGroupArn: arns[colour] }, {
        Field: "http-header", HttpHeaderConfig: { HttpHeaderName: colourHeader, Values: [colourHeaderValue(colour, colourSecret)] },
    });
    const rules = { blue: await headerRule("blue", 1), green: await headerRule("green", 2) };
    if (weightsIn !== "rule") return { rules, weights: { listenerArn } };
    return { rules, weights: { ruleArn: await addRule(3, weighted, { Field: "host-header", Values: ["shop.example"] }) } };
}

/** From the template of the first, and empty. Both may have twice as many instances as there are. */
async function addGreenGroup(access: DoubleAccess, name: string, targetGroupArn: string): Promise<void> {
    const scaling = new AutoScalingClient(access);
    const { AutoScalingGroups: [blue] = [] } = await scaling.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }));
    const MaxSize = 2 * (blue?.DesiredCapacity ?? 0);
    await scaling.send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: name, MaxSize }));
    await scaling.send(new CreateAutoScalingGroupCommand({
        AutoScalingGroupName: `${name}-green`, MinSize: 0, DesiredCapacity: 0, MaxSize, TargetGroupARNs: [targetGroupArn],
        VPCZoneIdentifier: blue?.VPCZoneIdentifier,
        LaunchTemplate: { LaunchTemplateId: blue?.LaunchTemplate?.LaunchTemplateId, Version: "1" },
    }));
}

async function addAlarm(access: DoubleAccess, AlarmName: string): Promise<string> {
    await new CloudWatchClient(access).send(new PutMetricAlarmCommand({
        AlarmName, Namespace: "AWS/ApplicationELB", MetricName: "HTTPCode_Target_5XX_Count", Statistic: "Sum",
        Period: 60, EvaluationPeriods: 1, Threshold: 5, ComparisonOperator: "GreaterThanThreshold", TreatMissingData: "notBreaching",
    }));
    return AlarmName;
}

/** Instances of a group that are in service, as a deployment finds them. */
export async function inService(access: DoubleAccess, group: string): Promise<readonly string[]> {
    const { AutoScalingGroups: [found] = [] } = await new AutoScalingClient(access).send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [group] }));
    return (found?.Instances ?? []).filter(({ LifecycleState }) => LifecycleState === "InService").map(({ InstanceId = "" }) => InstanceId);
}

/** Takes from a group's load balancer what the group has ended: Auto Scaling does so, moto does not. */
export async function leaveTargets(access: DoubleAccess, group: string): Promise<void> {
    const [scaling, elb] = [new AutoScalingClient(access), new ElasticLoadBalancingV2Client(access)];
    const { AutoScalingGroups: [found] = [] } = await scaling.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [group] }));
    const own = new Set(found?.Instances?.map(({ InstanceId }) => InstanceId));
    for (const TargetGroupArn of found?.TargetGroupARNs ?? []) {
        const { TargetHealthDescriptions = [] } = await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn }));
        const Targets = TargetHealthDescriptions.flatMap(({ Target }) => (own.has(Target?.Id) ? [] : [{ Id: Target?.Id }]));
        if (Targets.length > 0) await elb.send(new DeregisterTargetsCommand({ TargetGroupArn, Targets }));
    }
}
