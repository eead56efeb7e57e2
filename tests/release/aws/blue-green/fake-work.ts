import type { Roll } from "../../../../release/blue-green/roll";
import type { ColourClients } from "../../../../release/aws/blue-green/clients";
import type { StepWork } from "../../../../release/aws/blue-green/step-work";
import type { BlueGreen, Stage } from "../../../../release/stage";
import { FakeClock } from "../../../support/aws/fake-clock";

/** What AWS answers to a call, by its name; a function sees the input, and what it throws is the refusal. */
export type Answers = Readonly<Record<string, object | ((input: Readonly<Record<string, unknown>>) => object)>>;

export interface FakeWorkArgs {
    readonly answers?: Answers;
    readonly roll?: Partial<Roll>;
    readonly stage?: Partial<Stage>;
    readonly blueGreen?: Partial<BlueGreen>;
}

/** A step's surroundings in which AWS answers what a test says, and time passes only by waiting. */
export function fakeWork({ answers = {}, roll = {}, stage = {}, blueGreen = {} }: FakeWorkArgs = {}) {
    const clock = new FakeClock();
    const calls: { readonly name: string; readonly input: Readonly<Record<string, unknown>> }[] = [];
    const told: string[] = [];
    const client = {
        send: async ({ constructor: { name: command }, input }: { constructor: { name: string }; input: Readonly<Record<string, unknown>> }) => {
            const name = command.replace(/Command$/, "");
            calls.push({ name, input });
            const answer = answers[name] ?? {};
            return Promise.resolve(typeof answer === "function" ? (answer as (input: object) => object)(input) : answer);
        },
    };
    const clients = Object.fromEntries(
        ["codeDeploy", "autoScaling", "loadBalancing", "cloudWatch", "ssm", "s3", "ecr", "cloudFront"].map(name => [name, client]),
    ) as unknown as ColourClients;
    const colour = (name: string) => ({ autoScalingGroup: name, deploymentGroup: `${name}-deploy`, targetGroupArn: `${name}-arn`, headerRuleArn: `${name}-rule`, alarms: [`${name}-errors`] });
    const [blue, green] = [colour("blue"), colour("green")];
    const signal = new AbortController().signal;
    const work = {
        clients, clock, who: "ann", notes: { failedInstances: [], weightsMoved: false }, from: blue, to: green,
        stage: {
            project: "gapless", stack: "dev", url: "http://shop.example", ...stage,
            blueGreen: { blue, green, weights: { listenerArn: "listener" }, probePath: "/orders", dnsTarget: "127.0.0.1", ...blueGreen },
        },
        tell: { step: (text: string) => void told.push(text), warn: (text: string) => void told.push(`warning: ${text}`) },
        roll: {
            id: "bg-1", kind: "deploy", version: "b", from: "blue", to: "green", shiftPercents: [100], bakeSeconds: 60, warmSeconds: 1800, minSize: 2,
            begun: "2026-01-01T00:00:00.000Z", ...roll,
        },
        pace: { signal, rest: (seconds: number) => clock.wait(seconds, signal) },
        ask: (question: (abort: AbortSignal) => Promise<unknown>) => question(signal),
    } as unknown as StepWork;
    return {
        work, clock, calls, told,
        /** Names of the calls that change something. */
        changes: () => calls.filter(({ name }) => !name.startsWith("Describe") && !name.startsWith("Get")).map(({ name }) => name),
    };
}

/** A group as Auto Scaling describes it, of instances by their state. */
export function groupAnswer(desired: number, ...lifecycles: readonly string[]): object {
    return {
        AutoScalingGroups: [{ MinSize: desired, MaxSize: 10, DesiredCapacity: desired, Instances: lifecycles.map((LifecycleState, index) => ({ InstanceId: `i-${index + 1}`, LifecycleState })) }],
    };
}

/** Targets as the load balancer describes them, `i-1` and on. */
export function targetsAnswer(...states: readonly string[]): object {
    return { TargetHealthDescriptions: states.map((State, index) => ({ Target: { Id: `i-${index + 1}` }, TargetHealth: { State } })) };
}

/** Weights as a listener says them. */
export function weightsAnswer(blue: number, green: number): object {
    const TargetGroups = [{ TargetGroupArn: "blue-arn", Weight: blue }, { TargetGroupArn: "green-arn", Weight: green }];
    return { Listeners: [{ DefaultActions: [{ Type: "forward", ForwardConfig: { TargetGroups } }] }] };
}
