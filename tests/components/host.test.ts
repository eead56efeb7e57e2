import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type * as pulumi from "@pulumi/pulumi";
import { AutoscaledService, type HostArgs, TaggedFleet } from "../../components";
import { allows } from "../support/iam";
import { registered, type Registered } from "../support/registered";
import { serviceArgs, taggedArgs } from "./sample";

const { launchTags } = taggedArgs;
const fleets: Record<string, { hook: string; build: (args?: Partial<HostArgs>) => Promise<Registered> }> = {
    AutoscaledService: { hook: "boot", build: args => registered(() => { new AutoscaledService("web", { ...serviceArgs, launchTags, ...args }); }) },
    TaggedFleet: { hook: "", build: args => registered(() => { new TaggedFleet("web", { ...taggedArgs, ...args }); }) },
};

for (const [kind, { hook, build }] of Object.entries(fleets)) {
    describe(`a host of ${kind}`, () => {
        let made: Registered;
        before(async () => { made = await build(); });

        it("is launched encrypted, with metadata that needs a token and is out of reach of containers", () => {
            const template = made.named("web-template").inputs;
            assert.deepEqual({ ...template, userData: "told apart" }, {
                userData: "told apart",
                updateDefaultVersion: true,
                blockDeviceMappings: [{
                    deviceName: "/dev/xvda",
                    ebs: { volumeType: "gp3", volumeSize: 20, encrypted: "true", deleteOnTermination: "true" },
                }],
                metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
                instanceType: "t3.small",
                imageId: "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64",
                iamInstanceProfile: { arn: made.named("web-profile").outputs["arn"] },
                vpcSecurityGroupIds: [made.named("web-access").outputs["id"]],
                tagSpecifications: [{ resourceType: "volume", tags: { project: "shop", stage: "dev" } }],
            });
        });

        it("lets containers use its role only when asked to", async () => {
            const made = await build({ containersUseInstanceRole: true });
            const { metadataOptions } = made.named("web-template").inputs as { metadataOptions: { httpPutResponseHopLimit: number; httpTokens: string } };
            assert.deepEqual([metadataOptions.httpPutResponseHopLimit, metadataOptions.httpTokens], [2, "required"]);
        });

        it("exports what the boot script asks for in front of it", () => {
            assert.equal(bootText(made), [
                "#!/bin/bash",
                "export GAPLESS_REGION='eu-central-1'",
                "export GAPLESS_ARTIFACT_BUCKET='releases-1'",
                "export GAPLESS_COMPOSE_KEY='tools/docker-compose-2.40.3-x86_64'",
                `export GAPLESS_COMPOSE_SHA256='${"aa".repeat(32)}'`,
                "export GAPLESS_AGENT_VERSION='1.8.1-26'",
                "export GAPLESS_REGISTRY='111122223333.dkr.ecr.eu-central-1.amazonaws.com'",
                "export GAPLESS_DOCKER_HUB_SECRET=''",
                "export GAPLESS_THROUGH_ENDPOINTS=''",
                "export GAPLESS_FLEET='shop-dev-web'",
                `export GAPLESS_LOG_GROUP='${String(made.named("web-logs").outputs["name"])}'`,
                "export GAPLESS_SWAP_GIB='1'",
                `export GAPLESS_LIFECYCLE_HOOK='${hook}'`,
                "#!/bin/bash",
                "echo boot",
                "",
            ].join("\n"));
        });

        it("is told of the secret, the endpoints and the swap that it is given", async () => {
            const dockerHubSecretArn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:hub-AbCdEf";
            const lines = bootText(await build({ dockerHubSecretArn, throughEndpoints: true, swapGiB: 2 })).split("\n");
            for (const line of [`DOCKER_HUB_SECRET='${dockerHubSecretArn}'`, "THROUGH_ENDPOINTS='yes'", "SWAP_GIB='2'"]) {
                assert.ok(lines.includes(`export GAPLESS_${line}`), line);
            }
        });

        it("takes image, compose and checksum of the processor that the instance type has", async () => {
            const made = await build({ instanceType: "t4g.small" });
            assert.match(String(made.named("web-template").inputs["imageId"]), /al2023-ami-kernel-default-arm64$/);
            assert.deepEqual(made.named("web-compose").inputs["key"], "tools/docker-compose-2.40.3-aarch64");
            assert.match(bootText(made), new RegExp("bb".repeat(32)));
        });

        it("takes a given image, size and retention", async () => {
            const made = await build({ amiId: "ami-1", rootVolumeGiB: 40, logRetentionDays: 7 });
            const { imageId, blockDeviceMappings } = made.named("web-template").inputs;
            assert.equal(imageId, "ami-1");
            assert.deepEqual(blockDeviceMappings, [{
                deviceName: "/dev/xvda", ebs: { volumeType: "gp3", volumeSize: 40, encrypted: "true", deleteOnTermination: "true" },
            }]);
            assert.deepEqual(made.named("web-logs").inputs, { retentionInDays: 7 });
        });

        it("lets only the load balancer in, and only to the service's port", () => {
            const own = made.named("web-access").outputs["id"];
            const port = { ipProtocol: "tcp", fromPort: 8080, toPort: 8080, description: "Requests" };
            assert.deepEqual(made.named("web-access").inputs, { vpcId: "vpc-1", description: "Instances: the load balancer may come in" });
            assert.deepEqual(made.ofType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").map(rule => rule.inputs), [
                { securityGroupId: own, referencedSecurityGroupId: "sg-alb", ...port },
            ]);
            assert.deepEqual(made.named("web-alb-out").inputs, { securityGroupId: "sg-alb", referencedSecurityGroupId: own, ...port });
            assert.deepEqual(made.named("web-out").inputs, {
                securityGroupId: own, cidrIpv4: "0.0.0.0/0", ipProtocol: "-1", description: "AWS and what the service calls",
            });
        });

        it("finds the pinned compose plugin in the release bucket", async () => {
            const { source, ...object } = made.named("web-compose").inputs;
            assert.deepEqual(object, { bucket: "releases-1", key: "tools/docker-compose-2.40.3-x86_64" });
            assert.equal(await (source as pulumi.asset.RemoteAsset).uri, "https://example.com/compose-x86_64");
        });

        it("has a role that is EC2's alone, through its own profile", () => {
            const trust = made.named("web-instance-role").inputs["assumeRolePolicy"];
            assert.equal(allows(trust, { action: "sts:AssumeRole", service: "ec2.amazonaws.com" }), true);
            assert.equal(allows(trust, { action: "sts:AssumeRole", service: "lambda.amazonaws.com" }), false);
            assert.deepEqual(made.named("web-profile").inputs, { role: made.named("web-instance-role").outputs["name"] });
        });
    });
}

describe("both fleets", () => {
    it("launch from the same template, but for the hook that only a group has", async () => {
        const group = await templateOf("AutoscaledService");
        const fleet = await templateOf("TaggedFleet");
        assert.deepEqual({ ...fleet, userData: fleet.userData.replace("LIFECYCLE_HOOK=''", "LIFECYCLE_HOOK='boot'") }, group);
    });

    it("have room in EC2's 16 KiB of user data for the boot script and the longest settings", async () => {
        const made = await registered(() => {
            new TaggedFleet("a-name-of-24-characters-", {
                ...taggedArgs,
                bootScript: readFileSync("app-scripts/instance-boot.sh", "utf8"),
                launchTags: { project: "p".repeat(40), stage: "s".repeat(40) },
                releaseBucketName: "b".repeat(63),
                registry: "111122223333.dkr.ecr.ap-southeast-1.amazonaws.com",
                dockerHubSecretArn: `arn:aws:secretsmanager:ap-southeast-1:111122223333:secret:${"s".repeat(80)}-AbCdEf`,
                throughEndpoints: true,
            });
        });
        const text = Buffer.from(String(made.named("a-name-of-24-characters--template").inputs["userData"]), "base64").toString();
        assert.ok(text.indexOf("#!/bin/bash", 1) < 1024, "more than the KiB that is kept free of the script");
        assert.ok(Buffer.byteLength(text) <= 16_384, `${Buffer.byteLength(text)} bytes`);
    });
});

async function templateOf(kind: string): Promise<{ userData: string }> {
    const made = await (fleets[kind] as (typeof fleets)[string]).build();
    return { ...made.named("web-template").inputs, userData: bootText(made) };
}

function bootText(made: Registered): string {
    return Buffer.from(String(made.named("web-template").inputs["userData"]), "base64").toString();
}
