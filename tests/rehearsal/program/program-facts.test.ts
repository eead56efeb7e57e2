import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { readFacts, type RecordedProgram, type RecordedResource } from "../../../rehearsal/program/program-facts";

const release = {
    containerPort: 3000, healthPath: "/up", probePath: "/shop", healthTimeoutSeconds: 4, stopGraceSeconds: 45, environment: { A: "1" },
};
const image = { context: "app", dockerfile: "app/Dockerfile", platform: "linux/amd64", args: { A: "1" } };
const recipe = { image: { ...image, tag: "build-0123456789abcdef" }, release };

const types = {
    targets: "aws:lb/targetGroup:TargetGroup",
    balancer: "aws:lb/loadBalancer:LoadBalancer",
    group: "aws:autoscaling/group:Group",
    deployment: "aws:codedeploy/deploymentGroup:DeploymentGroup",
    configuration: "aws:codedeploy/deploymentConfig:DeploymentConfig",
    instance: "aws:ec2/instance:Instance",
    listener: "aws:lb/listener:Listener",
    alarm: "aws:cloudwatch/metricAlarm:MetricAlarm",
} as const;

type Inputs = Record<keyof typeof types, Record<string, unknown> | undefined>;

const sound: Inputs = {
    targets: {
        port: 3000, deregistrationDelay: 25,
        healthCheck: { path: "/up", matcher: "200", interval: 6, timeout: 4, healthyThreshold: 2, unhealthyThreshold: 3, protocol: "HTTP" },
    },
    balancer: { idleTimeout: 50 },
    group: { minSize: 4, maxSize: 8 },
    deployment: {
        appName: "shop", deploymentGroupName: "prod-blue", deploymentConfigName: "CodeDeployDefault.HalfAtATime",
        deploymentStyle: { deploymentType: "IN_PLACE", deploymentOption: "WITH_TRAFFIC_CONTROL" },
        autoRollbackConfiguration: { enabled: true, events: ["DEPLOYMENT_FAILURE"] },
    },
    configuration: undefined,
    instance: undefined,
    listener: undefined,
    alarm: undefined,
};

function program(changes: Partial<Inputs> = {}, config: Record<string, string> = {}, outputs: Record<string, unknown> = { recipe }): RecordedProgram {
    const registrations = Object.entries({ ...sound, ...changes }).flatMap(([role, inputs]): RecordedResource[] =>
        inputs ? [{ type: types[role as keyof Inputs], name: `web-${role}`, inputs, outputs: { deploymentConfigName: `web-${role}-1`, name: `web-${role}-1` } }] : []);
    return { config: { "gapless:slowPath": "/slow", "gapless:longestRequestSeconds": "9", ...config }, registrations, outputs };
}

const deployment = (changes: Record<string, unknown>) => ({ deployment: { ...sound.deployment, ...changes } });

describe("the facts of a program", () => {
    it("are read from its resources", () => {
        assert.deepEqual(readFacts("prod", program()), {
            stage: "prod",
            targetGroup: {
                drainSeconds: 25,
                healthCheck: { path: "/up", matcher: "200", intervalSeconds: 6, timeoutSeconds: 4, healthyThreshold: 2, unhealthyThreshold: 3 },
            },
            idleTimeoutSeconds: 50,
            minSize: 4,
            maxSize: 8,
            minimumHealthyHosts: { type: "FLEET_PERCENT", value: 50 },
            zoneByZone: false,
            withTrafficControl: true,
            rollBackOnFailure: true,
            rollBackOnAlarm: false,
            https: false,
            autoscaled: true,
            terminationHook: false,
            updatesOutdated: true,
            deploymentGroupName: "prod-blue",
            applicationName: "shop",
            image,
            release,
            slowPath: "/slow",
            longestRequestSeconds: 9,
        });
    });

    it("follow CodeDeploy's defaults where a deployment group says nothing: no traffic control, no rollback", () => {
        const facts = readFacts("dev", program(deployment({ deploymentStyle: undefined, autoRollbackConfiguration: undefined })));
        assert.deepEqual([facts.withTrafficControl, facts.rollBackOnFailure], [false, false]);
    });

    it("tell what scaling adds to deployments, of which AWS's defaults are no hook at the end and a deployment to outdated instances", () => {
        const facts = readFacts("dev", program(deployment({ terminationHookEnabled: true, outdatedInstancesStrategy: "IGNORE" })));
        assert.deepEqual([facts.terminationHook, facts.updatesOutdated], [true, false]);
    });

    it("know that a rollback needs both the switch and the event, after a failure and after an alarm", () => {
        const both = ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"];
        for (const [enabled, events, onFailure, onAlarm] of [
            [false, both, false, false], [true, both, true, true], [true, both.slice(0, 1), true, false], [true, both.slice(1), false, true],
        ] as const) {
            const { rollBackOnFailure, rollBackOnAlarm } = readFacts("dev", program(deployment({ autoRollbackConfiguration: { enabled, events } })));
            assert.deepEqual([rollBackOnFailure, rollBackOnAlarm], [onFailure, onAlarm]);
        }
    });

    it("know how clients come in", () => {
        for (const protocol of ["HTTP", "HTTPS"]) assert.equal(readFacts("dev", program({ listener: { protocol } })).https, protocol === "HTTPS");
    });

    describe("of the alarm on errors", () => {
        const alarmed = (enabled: boolean, alarm: Record<string, unknown>) => readFacts("dev", program({
            ...deployment({ alarmConfiguration: { enabled, alarms: ["web-alarm-1"] } }),
            alarm: { threshold: 4, evaluationPeriods: 5, metricQueries: [{ expression: "IF(asked >= 30, share, 0)", returnData: true }], ...alarm },
        })).errorAlarm;

        it("are how many of how many minutes must be bad, and how bad", () => {
            assert.deepEqual(alarmed(true, { datapointsToAlarm: 2 }), { percent: 4, minimumRequests: 30, evaluationPeriods: 5, datapointsToAlarm: 2 });
        });

        it("are all of the minutes where it does not say how many", () => {
            assert.equal(alarmed(true, {})?.datapointsToAlarm, 5);
        });

        it("are none where the deployment group has its alarms turned off", () => {
            assert.equal(alarmed(false, {}), undefined);
        });
    });

    it("name the image when the program builds none", () => {
        const prebuilt = `registry.example.com/shop@sha256:${"0".repeat(64)}`;
        assert.deepEqual(readFacts("dev", program({}, {}, { recipe: { image: { prebuilt }, release } })).image, { prebuilt });
    });

    it("take a recipe without build arguments", () => {
        assert.deepEqual(readFacts("dev", program({}, {}, { recipe: { image: { ...image, args: undefined }, release } })).image, { ...image, args: {} });
    });

    describe("of the hosts that stay healthy", () => {
        const own = (configuration: Record<string, unknown>) =>
            readFacts("dev", program({ ...deployment({ deploymentConfigName: "web-configuration-1" }), configuration }));

        it("are AWS's own one at a time", () => {
            const { minimumHealthyHosts } = readFacts("dev", program(deployment({ deploymentConfigName: "CodeDeployDefault.OneAtATime" })));
            assert.deepEqual(minimumHealthyHosts, { type: "MOST_CONCURRENCY", value: 1 });
        });

        it("are those of the program's own configuration", () => {
            const facts = own({ minimumHealthyHosts: { type: "HOST_COUNT", value: 3 } });
            assert.deepEqual([facts.minimumHealthyHosts, facts.zoneByZone], [{ type: "HOST_COUNT", value: 3 }, false]);
        });

        it("tell whether zones go one by one", () => {
            assert.equal(own({ minimumHealthyHosts: { type: "FLEET_PERCENT", value: 60 }, zonalConfig: { monitorDurationInSeconds: 0 } }).zoneByZone, true);
        });

        it("are refused when they are no rule", () => {
            assert.throws(() => own({ minimumHealthyHosts: { type: "MOST_CONCURRENCY", value: 1 } }), /DeploymentConfig 'web-configuration' cannot be rehearsed/);
        });
    });

    describe("of a fleet that is found by tags", () => {
        const filter = (key: string, value: string) => ({ ec2TagFilters: [{ type: "KEY_AND_VALUE", key, value }] });
        const tagged = (...instances: Record<string, string>[]) => {
            const found = program({ group: undefined, ...deployment({ ec2TagSets: [filter("project", "shop"), filter("stage", "dev")] }) });
            const registrations = instances.map((tags, index) => ({ type: types.instance, name: `host-${index}`, inputs: { tags }, outputs: {} }));
            return readFacts("dev", { ...found, registrations: [...found.registrations, ...registrations] });
        };

        it("count the instances with all tags as its size", () => {
            const ours = { project: "shop", stage: "dev", Name: "host" };
            const { minSize, maxSize } = tagged(ours, ours, ours, { project: "shop", stage: "prod" }, { stage: "dev" });
            assert.deepEqual([minSize, maxSize], [3, 3]);
        });

        it("cannot be read when it has none", () => {
            assert.throws(() => tagged({ project: "shop" }), {
                name: "ProgramError", message: "The program registers no instance with the tags by which its deployment group looks for some.",
            });
        });
    });

    it("take the idle timeout of somebody else's load balancer from the setting", () => {
        assert.equal(readFacts("dev", program({ balancer: undefined }, { "gapless:idleTimeoutSeconds": "55" })).idleTimeoutSeconds, 55);
        assert.equal(readFacts("dev", program({}, { "gapless:idleTimeoutSeconds": "55" })).idleTimeoutSeconds, 50);
    });

    it("have no slow path when the setting is empty", () => {
        assert.equal(readFacts("dev", program({}, { "gapless:slowPath": "" })).slowPath, undefined);
    });

    for (const role of ["targets", "group", "deployment"] as const) {
        it(`cannot be read without ${types[role]}, which the error names`, () => {
            assert.throws(() => readFacts("dev", program({ [role]: undefined })), { name: "ProgramError", message: `The program registers no ${types[role]}, and a rehearsal needs it.` });
        });
    }

    it("cannot be read from two resources of a kind, which the error names", () => {
        const { registrations, ...rest } = program();
        const second = { type: types.group, name: "second", inputs: { minSize: 1, maxSize: 1 }, outputs: {} };
        assert.throws(
            () => readFacts("dev", { ...rest, registrations: [...registrations, second] }),
            { message: `The program registers more than one ${types.group} (web-group, second); one can be rehearsed.` },
        );
    });

    const refused: readonly [string, Partial<Inputs>, RegExp][] = [
        ["a target group without a drain time", { targets: { ...sound.targets, deregistrationDelay: undefined } }, /TargetGroup 'web-targets' cannot be rehearsed:\n.*deregistrationDelay/s],
        [
            "a deployment configuration that is neither AWS's nor the program's",
            { ...deployment({ deploymentConfigName: "mine" }), configuration: { minimumHealthyHosts: { type: "HOST_COUNT", value: 1 } } },
            /The deployment configuration 'mine' cannot be rehearsed; CodeDeployDefault\.HalfAtATime, CodeDeployDefault\.OneAtATime and those of the program can\./,
        ],
        ["CodeDeploy's own blue/green", deployment({ deploymentStyle: { deploymentType: "BLUE_GREEN" } }), /A deployment of type BLUE_GREEN cannot be rehearsed/],
    ];
    for (const [what, changes, message] of refused) {
        it(`refuse ${what}`, () => {
            assert.throws(() => readFacts("dev", program(changes)), { name: "ProgramError", message });
        });
    }

    it("refuse a program without a recipe", () => {
        assert.throws(() => readFacts("dev", program({}, {}, {})), {
            name: "ProgramError", message: "The program has no output 'recipe', and a rehearsal makes its releases by it.",
        });
    });

    it("refuse a recipe that leaves something out, which the error names", () => {
        assert.throws(() => readFacts("dev", program({}, {}, { recipe: { image, release: { ...release, healthPath: undefined } } })), {
            name: "ProgramError", message: /The program's output 'recipe' cannot be rehearsed:\n.*healthPath/s,
        });
    });
});
