import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { readFacts, type RecordedProgram, type RecordedResource } from "../../../rehearsal/program/program-facts";
import { makeRelease, readReleaseScripts, type ReleaseInputs, zipRelease } from "../../../release/bundle";

const inputs: ReleaseInputs = {
    image: `registry.example.com/shop@sha256:${"0".repeat(64)}`,
    containerPort: 3000, healthPath: "/up", probePath: "/shop", healthTimeoutSeconds: 4, stopGraceSeconds: 45, environment: { A: "1" },
};
const release = makeRelease(readReleaseScripts("app-scripts"), inputs);

const types = {
    targets: "aws:lb/targetGroup:TargetGroup",
    balancer: "aws:lb/loadBalancer:LoadBalancer",
    group: "aws:autoscaling/group:Group",
    deployment: "aws:codedeploy/deploymentGroup:DeploymentGroup",
    image: "docker:index/image:Image",
    release: "aws:s3/bucketObjectv2:BucketObjectv2",
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
    image: { build: { context: "app", dockerfile: "app/Dockerfile", platform: "linux/amd64", args: { A: "1" } } },
    release: { key: `releases/${release.version}.zip`, contentBase64: Buffer.from(zipRelease(release)).toString("base64") },
};

function program(changes: Partial<Inputs> = {}, config: Record<string, string> = {}): RecordedProgram {
    const registrations = Object.entries({ ...sound, ...changes }).flatMap(([role, inputs]): RecordedResource[] =>
        inputs ? [{ type: types[role as keyof Inputs], name: `web-${role}`, inputs, outputs: {} }] : []);
    return { config: { "gapless:slowPath": "/slow", "gapless:longestRequestSeconds": "9", ...config }, registrations, outputs: {} };
}

const deployment = (changes: Record<string, unknown>) => ({ deployment: { ...sound.deployment, ...changes } });

describe("the facts of a program", () => {
    it("are read from its resources", () => {
        assert.deepEqual(readFacts("prod", program()), {
            stage: "prod",
            strategy: "rolling",
            targetGroup: {
                drainSeconds: 25,
                healthCheck: { path: "/up", matcher: "200", intervalSeconds: 6, timeoutSeconds: 4, healthyThreshold: 2, unhealthyThreshold: 3 },
            },
            idleTimeoutSeconds: 50,
            minSize: 4,
            maxSize: 8,
            minimumHealthyHosts: { type: "FLEET_PERCENT", value: 50 },
            withTrafficControl: true,
            rollBackOnFailure: true,
            deploymentGroupName: "prod-blue",
            applicationName: "shop",
            image: { context: "app", dockerfile: "app/Dockerfile", platform: "linux/amd64", args: { A: "1" } },
            releaseVersion: release.version,
            release: inputs,
            slowPath: "/slow",
            longestRequestSeconds: 9,
        });
    });

    it("follow CodeDeploy's defaults where a deployment group says nothing: no traffic control, no rollback", () => {
        const facts = readFacts("dev", program(deployment({ deploymentStyle: undefined, autoRollbackConfiguration: undefined })));
        assert.deepEqual([facts.withTrafficControl, facts.rollBackOnFailure], [false, false]);
    });

    it("know that a rollback needs both the switch and the event", () => {
        for (const autoRollbackConfiguration of [{ enabled: false, events: ["DEPLOYMENT_FAILURE"] }, { enabled: true, events: ["DEPLOYMENT_STOP_ON_ALARM"] }]) {
            assert.equal(readFacts("dev", program(deployment({ autoRollbackConfiguration }))).rollBackOnFailure, false);
        }
    });

    it("name the image when the program builds none", () => {
        assert.deepEqual(readFacts("dev", program({ image: undefined })).image, { prebuilt: inputs.image });
    });

    it("have no slow path when the setting is empty", () => {
        assert.equal(readFacts("dev", program({}, { "gapless:slowPath": "" })).slowPath, undefined);
    });

    for (const role of ["targets", "balancer", "group", "deployment"] as const) {
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
        ["a deployment configuration of one's own", deployment({ deploymentConfigName: "mine" }), /The deployment configuration 'mine' cannot be rehearsed; CodeDeployDefault\.HalfAtATime can/],
        ["CodeDeploy's own blue/green", deployment({ deploymentStyle: { deploymentType: "BLUE_GREEN" } }), /A deployment of type BLUE_GREEN cannot be rehearsed/],
        ["a program without a release", { release: undefined }, /registers no release: no S3 object 'releases\/<version>\.zip'/],
        ["a program with nothing but the pipeline's trigger object", { release: { ...sound.release, key: "releases/current.zip" } }, /registers no release/],
        ["a release that is no zip", { release: { ...sound.release, contentBase64: "bm8gemlw" } }, /The S3 object 'web-release' is no release/],
    ];
    for (const [what, changes, message] of refused) {
        it(`refuse ${what}`, () => {
            assert.throws(() => readFacts("dev", program(changes)), { name: "ProgramError", message });
        });
    }
});
