import assert from "node:assert/strict";
import { registered, type Registered } from "../support/registered";
import { buildAll } from "./sample";

const components = ["image", "store", "web", "hosts", "deploy"];
const certificateArn = "arn:aws:acm:eu-central-1:111122223333:certificate/1";
/** Where AWS picks a new name when it must replace the resource; a fixed one would make that impossible. */
const unnamed = [
    "aws:lb/loadBalancer:LoadBalancer", "aws:lb/targetGroup:TargetGroup", "aws:autoscaling/group:Group", "aws:ec2/launchTemplate:LaunchTemplate",
    "aws:codepipeline/pipeline:Pipeline", "aws:codedeploy/application:Application", "aws:s3/bucket:Bucket", "aws:ecr/repository:Repository",
    "aws:iam/role:Role", "aws:cloudwatch/logGroup:LogGroup", "aws:cloudwatch/eventRule:EventRule", "aws:cloudwatch/metricAlarm:MetricAlarm",
];

describe("all components", () => {
    let made: Registered;
    before(async () => { made = await registered(() => { buildAll(certificateArn); }); });

    const ofType = (type: string) => {
        const found = made.ofType(type);
        assert.notEqual(found.length, 0, `nothing of type ${type}`);
        return found;
    };

    it("are registered under the project's own types", () => {
        assert.deepEqual(made.all.filter(({ custom }) => !custom).map(({ type }) => type).sort(), [
            "gapless:index:AutoscaledService", "gapless:index:ContainerImage", "gapless:index:DeployPipeline",
            "gapless:index:LoadBalancedTier", "gapless:index:ReleaseStore",
        ]);
    });

    it("parent each of their children and give it their name", () => {
        const urns = new Map(components.map(name => [made.named(name).urn, name]));
        for (const { name, parent, custom } of made.all) {
            if (!custom || ["vpc", "routes", "migration"].includes(name)) continue;
            const component = urns.get(parent ?? "");
            assert.ok(component !== undefined, `${name} has no component for a parent`);
            assert.ok(name.startsWith(`${component}-`), `${name} is not named after ${component}`);
        }
    });

    it("are open to the world on the load balancer's listener ports only", () => {
        const world = ofType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").filter(({ inputs }) => !("referencedSecurityGroupId" in inputs));
        // Registrations come in no certain order.
        const sorted = (ports: readonly unknown[]) => ports.map(Number).sort((a, b) => a - b);
        assert.deepEqual(sorted(world.map(({ inputs }) => inputs["fromPort"])), [80, 443]);
        assert.deepEqual(sorted(world.map(({ inputs }) => inputs["toPort"])), [80, 443]);
        assert.deepEqual(sorted(ofType("aws:lb/listener:Listener").map(({ inputs }) => inputs["port"])), [80, 443]);
        for (const { name, inputs } of world) assert.equal(inputs["securityGroupId"], made.named("web-access").outputs["id"], name);
        for (const { name, inputs } of ofType("aws:ec2/securityGroup:SecurityGroup")) {
            assert.deepEqual(["ingress", "egress"].filter(key => key in inputs), [], `${name} has rules of its own`);
        }
    });

    it("fix no name that a replacement would need again", () => {
        for (const type of unnamed) {
            for (const { name, inputs } of ofType(type)) {
                assert.deepEqual(["name", "namePrefix", "bucket", "bucketPrefix"].filter(key => key in inputs), [], name);
            }
        }
    });

    it("never reset the size that scaling has found", () => {
        for (const { name, inputs, ignoreChanges } of ofType("aws:autoscaling/group:Group")) {
            assert.ok(ignoreChanges.includes("desiredCapacity"), name);
            assert.equal("desiredCapacity" in inputs, false, name);
        }
    });

    it("never wait for, nor judge by, the health of instances that have no release yet", () => {
        for (const { name, inputs } of ofType("aws:autoscaling/group:Group")) {
            assert.deepEqual(["minElbCapacity", "waitForElbCapacity", "instanceRefresh"].filter(key => key in inputs), [], name);
            assert.equal(inputs["healthCheckType"], "EC2", name);
        }
    });

    it("encrypt what they store", () => {
        for (const { name, inputs } of ofType("aws:ec2/launchTemplate:LaunchTemplate")) {
            const volumes = inputs["blockDeviceMappings"] as { ebs: { encrypted: string } }[];
            assert.deepEqual(volumes.map(volume => volume.ebs.encrypted), ["true"], name);
        }
        const encrypted = ofType("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration").map(({ inputs }) => inputs["bucket"]);
        assert.deepEqual(ofType("aws:s3/bucket:Bucket").map(({ outputs }) => outputs["bucket"]), encrypted);
    });

    it("ask for a token at the metadata of every instance", () => {
        for (const { name, inputs } of ofType("aws:ec2/launchTemplate:LaunchTemplate")) {
            const { httpTokens, httpPutResponseHopLimit } = inputs["metadataOptions"] as Record<string, unknown>;
            assert.deepEqual({ httpTokens, httpPutResponseHopLimit }, { httpTokens: "required", httpPutResponseHopLimit: 1 }, name);
        }
    });

    it("give each principal a role of its own, with inline permissions only", () => {
        const services = ofType("aws:iam/role:Role").map(({ inputs }) => {
            assert.deepEqual(Object.keys(inputs), ["assumeRolePolicy"]);
            const { Statement } = JSON.parse(String(inputs["assumeRolePolicy"])) as { Statement: { Principal: { Service: string } }[] };
            return Statement.map(statement => statement.Principal.Service).join();
        });
        assert.deepEqual(services.sort(), ["codedeploy.amazonaws.com", "codepipeline.amazonaws.com", "ec2.amazonaws.com", "events.amazonaws.com"]);
        assert.deepEqual(made.all.filter(({ type }) => type.startsWith("aws:iam/") && type.includes("Attachment")), []);
    });

    it("allow no service everything, and change nothing on a resource they do not name", () => {
        for (const { name, inputs } of ofType("aws:iam/rolePolicy:RolePolicy")) {
            const { Statement } = JSON.parse(String(inputs["policy"])) as { Statement: { Effect: string; Action: string | string[]; Resource: string | string[] }[] };
            for (const { Action, Resource } of Statement.filter(({ Effect }) => Effect === "Allow")) {
                const actions = [Action].flat();
                assert.deepEqual(actions.filter(action => action.includes("*")), [], name);
                if (![Resource].flat().includes("*")) continue;
                const known = /:(Describe\w+|GetResources|GetAuthorizationToken|PutMetricData|UpdateInstanceInformation|(Create|Open)(Control|Data)Channel)$/;
                assert.deepEqual(actions.filter(action => !known.test(action)), [], name);
            }
        }
    });
});
