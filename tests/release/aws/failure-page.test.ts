import assert from "node:assert/strict";
import { gatherFailure, type BadEnd, type FailureClients } from "../../../release/aws/failure-page";
import { FakeClock } from "../../support/aws/fake-clock";
import { stage } from "../../support/aws/deploying";

const end: BadEnd = {
    deploymentId: "d-1", result: "failed", reason: "HEALTH_CONSTRAINTS: too few",
    failedInstances: ["i-1", "i-2", "i-3", "i-4", "i-5"].map(instanceId => ({ instanceId, event: "ValidateService" })),
};

/** What AWS answers, by command; functions are asked with the input. */
const answers: Readonly<Record<string, unknown>> = {
    GetDeployment: { deploymentInfo: { description: "release bbbbbbbbbbbb by ann", errorInformation: { code: "HEALTH_CONSTRAINTS", message: "too few" } } },
    ListDeployments: { deployments: ["d-0"] },
    BatchGetDeployments: { deploymentsInfo: [{ deploymentId: "d-0", status: "Succeeded", description: "release aaaaaaaaaaaa by ann", createTime: new Date(0) }] },
    GetObject: () => { throw Object.assign(new Error("none"), { name: "NoSuchKey" }); },
    DescribeTargetHealth: { TargetHealthDescriptions: [{ Target: { Id: "i-1" }, TargetHealth: { State: "unhealthy", Reason: "Target.Timeout", Description: "Request timed out" } }] },
    DescribeAlarms: { MetricAlarms: [{ AlarmName: "web-errors", StateValue: "ALARM" }, { AlarmName: "web-latency", StateValue: "OK" }], CompositeAlarms: [] },
    SendCommand: { Command: { CommandId: "c-1" } },
    GetCommandInvocation: ({ InstanceId }: { readonly InstanceId: string }) => {
        if (InstanceId === "i-2") throw Object.assign(new Error("x"), { name: "InvocationDoesNotExist" });
        if (InstanceId === "i-3") return { Status: "Failed", StandardOutputContent: "no docker" };
        return { Status: "Success", StandardOutputContent: "VERSION=bbbbbbbbbbbb\nlistening\nboom\n" };
    },
};

describe("what AWS knows about a failed deployment", () => {
    it("is gathered from all that knows something, of the first three instances", async () => {
        const { clients, inputs } = open();
        const failure = await gatherFailure(clients, { ...stage, alarms: ["web-errors", "web-latency"] }, end, options());
        assert.deepEqual(failure, {
            deploymentId: "d-1", result: "failed", version: "bbbbbbbbbbbb", errorCode: "HEALTH_CONSTRAINTS", message: "too few",
            instances: [
                {
                    instanceId: "i-1", event: "ValidateService", health: { state: "unhealthy", reason: "Target.Timeout", description: "Request timed out" },
                    container: { version: "bbbbbbbbbbbb", lines: ["listening", "boom"] },
                },
                { instanceId: "i-2", event: "ValidateService" },
                { instanceId: "i-3", event: "ValidateService" },
            ],
            otherInstances: ["i-4", "i-5"], alarms: ["web-errors"], serving: { version: "aaaaaaaaaaaa", deploymentId: "d-0" }, missing: [],
        });
        assert.deepEqual(inputs.get("DescribeAlarms"), { AlarmNames: ["web-errors", "web-latency"], StateValue: "ALARM" });
        assert.deepEqual(inputs.get("SendCommand"), {
            DocumentName: "AWS-RunShellScript", InstanceIds: ["i-3"], Comment: "gapless: why a deployment failed", TimeoutSeconds: 30,
            Parameters: { commands: [
                "docker container inspect --format '{{range .Config.Env}}{{println .}}{{end}}' app | grep '^VERSION=' | tail -n 1", "docker logs --tail 50 app 2>&1",
            ] },
        });
    });

    it("misses the log of an instance that is gone, and of no other", async () => {
        const { clients } = open({
            SendCommand: ({ InstanceIds: [id] }: { readonly InstanceIds: readonly string[] }) => {
                if (id === "i-2") throw Object.assign(new Error("Instances [[i-2]] not in a valid state for account"), { name: "InvalidInstanceId" });
                return { Command: { CommandId: `c-${id}` } };
            },
            GetCommandInvocation: ({ CommandId, InstanceId }: { readonly CommandId: string; readonly InstanceId: string }) =>
                ({ Status: "Success", StandardOutputContent: `${CommandId} of ${InstanceId}\n` }),
        });
        const { instances, missing } = await gatherFailure(clients, stage, end, options());
        assert.deepEqual(instances.map(({ container }) => container?.lines), [["c-i-1 of i-1"], undefined, ["c-i-3 of i-3"]]);
        assert.deepEqual(missing, []);
    });

    it("says why nothing was rolled back when CodeDeploy does", async () => {
        const { clients } = open({ GetDeployment: { deploymentInfo: { errorInformation: { code: "TIMEOUT", message: "too long" }, rollbackInfo: { rollbackMessage: "there is nothing to go back to" } } } });
        assert.equal((await gatherFailure(clients, stage, end, options())).message, "too long; not rolled back: there is nothing to go back to");
    });

    it("is not asked for alarms where the group has none: that would be all of the account's", async () => {
        const { clients, inputs } = open();
        assert.deepEqual((await gatherFailure(clients, stage, end, options())).alarms, []);
        assert.equal(inputs.has("DescribeAlarms"), false);
    });

    it("goes by the weights and the alarms of the colour that a roll led to", async () => {
        const of = (colour: string) => ({ autoScalingGroup: colour, deploymentGroup: colour, targetGroupArn: `arn:${colour}`, headerRuleArn: "r", alarms: [`${colour}-errors`] });
        const blueGreen = {
            blue: of("blue"), green: of("green"), weights: { listenerArn: "l" }, shiftPercents: [100], bakeSeconds: 0, warmSeconds: 0, probePath: "/", dnsTarget: "d",
            active: "blue" as const, sizes: { minSize: 1, maxSize: 2 },
        };
        const { clients, inputs } = open({
            DescribeListeners: { Listeners: [{ DefaultActions: [{ Type: "forward", ForwardConfig: { TargetGroups: [{ TargetGroupArn: "arn:blue", Weight: 0 }, { TargetGroupArn: "arn:green", Weight: 100 }] } }] }] },
        });
        const roll = { kind: "deploy", from: "blue", to: "green", left: [], codeDeployId: "d-1" } as const;
        const failure = await gatherFailure(clients, { ...stage, blueGreen, alarms: ["blue-errors"] }, { ...end, deploymentId: "bg-1", failedInstances: [], roll }, options());
        assert.deepEqual([failure.requests, failure.missing], [[{ colour: "green", percent: 100, version: "bbbbbbbbbbbb" }], []]);
        assert.deepEqual(inputs.get("DescribeAlarms"), { AlarmNames: ["green-errors"], StateValue: "ALARM" });
    });

    it("tells that nothing serves before the first success", async () => {
        const { clients } = open({ ListDeployments: { deployments: [] }, BatchGetDeployments: { deploymentsInfo: [] } });
        assert.equal((await gatherFailure(clients, stage, end, options())).serving, null);
    });

    it("says of what it may not see which right is missing, and shows the rest", async () => {
        const denied = (action: string) => () => {
            throw Object.assign(new Error(`User: arn:ann is not authorized to perform: ${action} because no identity-based policy allows it`), { name: "AccessDeniedException" });
        };
        const { clients } = open({ SendCommand: denied("ssm:SendCommand"), DescribeTargetHealth: denied("elasticloadbalancing:DescribeTargetHealth"), GetDeployment: denied("codedeploy:GetDeployment") });
        const failure = await gatherFailure(clients, stage, end, options());
        const fix = "Take credentials that may do this, or let whoever looks after the account allow it; ./gapless doctor STACK says who you are.";
        assert.deepEqual(failure.missing, [
            `how the load balancer sees it: AWS denies it: arn:ann may not elasticloadbalancing:DescribeTargetHealth, because no identity-based policy allows it. ${fix}`,
            `the container's log: AWS denies it: arn:ann may not ssm:SendCommand, because no identity-based policy allows it. ${fix}`,
            `why it failed: AWS denies it: arn:ann may not codedeploy:GetDeployment, because no identity-based policy allows it. ${fix}`,
        ]);
        assert.equal(failure.message, "HEALTH_CONSTRAINTS: too few", "what the end itself says");
        assert.deepEqual(failure.serving, { version: "aaaaaaaaaaaa", deploymentId: "d-0" });
    });

    it("asks no instance when none has failed", async () => {
        const { clients, inputs } = open();
        await gatherFailure(clients, stage, { ...end, failedInstances: [] }, options());
        assert.deepEqual([inputs.has("SendCommand"), inputs.has("DescribeTargetHealth")], [false, false]);
    });

    it("ends when it is interrupted, instead of telling half of it", async () => {
        const stop = new AbortController();
        stop.abort();
        await assert.rejects(gatherFailure(open().clients, stage, end, { clock: new FakeClock(), signal: stop.signal }), { name: "AbortError" });
    });
});

function options() {
    return { clock: new FakeClock(), signal: new AbortController().signal };
}

function open(others: Readonly<Record<string, unknown>> = {}) {
    const inputs = new Map<string, unknown>();
    const send = async (command: { readonly input: unknown }): Promise<unknown> => {
        const name = command.constructor.name.replace(/Command$/, "");
        inputs.set(name, command.input);
        const answer = { ...answers, ...others }[name];
        return Promise.resolve(typeof answer === "function" ? (answer as (input: unknown) => unknown)(command.input) : answer);
    };
    const client = { send };
    const clients = { codeDeploy: client, s3: client, loadBalancing: client, cloudWatch: client, ssm: client } as unknown as FailureClients;
    return { clients, inputs };
}
