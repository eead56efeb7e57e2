import assert from "node:assert/strict";
import { join } from "node:path";
import { before, describe, it } from "mocha";
import { readRelease } from "../support/recorded-release";
import { readStackConfig } from "../../rehearsal/program/stack-config";
import { lookUp } from "../../stacks/lookups";
import { readSettings, type Settings } from "../../stacks/settings";
import { buildWeb, type Outputs } from "../../stacks/web";
import { registered, type Registered } from "../support/registered";
import { tool } from "./variant";

const root = join(import.meta.dirname, "../..");
const jenkins = { source: "s3", ciPrincipalArn: "arn:aws:iam::111122223333:role/jenkins" } as const;

function settingsOf(stage: string): Settings {
    const { project, config } = readStackConfig(root, stage);
    return readSettings({ project, stack: stage, config }).settings;
}

function build(settings: Settings): Promise<Registered> {
    return registered(async () => buildWeb("gapless", settings, await lookUp(settings, { project: "gapless", stack: settings.stage }), tool), { stack: settings.stage });
}

async function outputsOf(settings: Settings): Promise<Outputs> {
    let outputs: Outputs | undefined;
    await registered(async () => { outputs = buildWeb("gapless", settings, await lookUp(settings, { project: "gapless", stack: settings.stage }), tool); }, { stack: settings.stage });
    return outputs ?? assert.fail("no outputs");
}

function releaseOf(all: Registered) {
    const [object] = all.ofType("aws:s3/bucketObjectv2:BucketObjectv2").filter(({ inputs }) => /^releases\/[0-9a-f]{12}\.zip$/.test(String(inputs["key"])));
    assert.ok(object, "no release object");
    return { object, ...readRelease(String(object.inputs["contentBase64"])) };
}

describe("the stack", () => {
    const stages: Record<string, Registered> = {};
    before(async () => {
        for (const stage of ["dev", "stg", "prod"]) stages[stage] = await build(settingsOf(stage));
    });

    const stage = (name: string): Registered => stages[name] ?? assert.fail(`${name} was not built`);

    const expected = {
        dev: { type: "t3.micro", sizes: [2, 2], nat: "None", subnets: "publicSubnetIds", protected: false, logDays: 7 },
        stg: { type: "t3.small", sizes: [2, 4], nat: "Single", subnets: "privateSubnetIds", protected: false, logDays: 30 },
        prod: { type: "t3.small", sizes: [4, 12], nat: "OnePerAz", subnets: "privateSubnetIds", protected: true, logDays: 365 },
    } as const;
    for (const [name, wanted] of Object.entries(expected)) {
        it(`has the sizes, the network and the protection of its stack file in ${name}`, () => {
            const all = stage(name);
            const group = all.named("web-hosts-group");
            const network = all.named("network");
            assert.equal(all.ofType("aws:ec2/launchTemplate:LaunchTemplate")[0]?.inputs["instanceType"], wanted.type);
            assert.deepEqual([group.inputs["minSize"], group.inputs["maxSize"]], wanted.sizes);
            assert.deepEqual(network.inputs["natGateways"], { strategy: wanted.nat });
            assert.deepEqual(group.inputs["vpcZoneIdentifiers"], network.outputs[wanted.subnets]);
            assert.deepEqual([group.protect, network.protect], [wanted.protected, wanted.protected]);
            assert.equal(all.named("web-alb").inputs["enableDeletionProtection"], wanted.protected);
            assert.equal(all.named("web-releases-bucket").inputs["forceDestroy"], !wanted.protected);
            assert.equal(all.ofType("aws:cloudwatch/logGroup:LogGroup")[0]?.inputs["retentionInDays"], wanted.logDays);
            assert.equal(all.ofType("aws:codedeploy/deploymentGroup:DeploymentGroup")[0]?.inputs["deploymentGroupName"], name);
        });
    }

    it("consists of the same resources in every stage, but for the logs that prod keeps", () => {
        const logs = /^network-flow-logs|^web-access-logs-/;
        assert.deepEqual(stage("stg").names(), stage("dev").names());
        assert.deepEqual(stage("prod").names().filter(name => !logs.test(name)), stage("dev").names());
        assert.equal(stage("dev").names().some(name => logs.test(name)), false);
    });

    it("builds in stg the very release that prod runs, and in dev another", () => {
        const [dev, stg, prod] = ["dev", "stg", "prod"].map(name => stage(name).ofType("docker:index/image:Image")[0]);
        const tag = (image: typeof dev) => String(image?.inputs["imageName"]).replace(/^.*:/, "");
        assert.deepEqual(stg?.inputs["build"], prod?.inputs["build"]);
        assert.equal(tag(stg), tag(prod));
        assert.notEqual(tag(dev), tag(prod));
    });

    it("puts the load balancer into the public subnets and reaches S3 without NAT", () => {
        const network = stage("prod").named("network");
        assert.deepEqual(stage("prod").named("web-alb").inputs["subnets"], network.outputs["publicSubnetIds"]);
        assert.equal(network.inputs["subnetStrategy"], "Auto");
        assert.equal(network.inputs["vpcEndpointStrategy"], "Auto");
        assert.deepEqual(network.inputs["vpcEndpointSpecs"], [{ serviceName: "com.amazonaws.eu-central-1.s3", vpcEndpointType: "Gateway" }]);
        assert.equal(network.inputs["availabilityZoneCidrMask"], 18);
    });

    it("comes up in an order in which the first release finds everything that it needs", () => {
        const order = [
            ["web-hosts-group", "network"],
            ["web-hosts-group", "web-releases-versioning"],
            ["web-hosts-group", "web-http"],
            ["web-deploy-pipeline", "web-hosts-group"],
            ["web-deploy-pipeline", "web-releases-versioning"],
            ["web-deploy-pipeline", "web-releases-notification"],
        ] as const;
        for (const [later, earlier] of order) {
            assert.ok(stage("dev").comesAfter(later, earlier), `${later} does not wait for ${earlier}`);
        }
    });

    it("releases the image by its digest, with the settings of the service", async () => {
        const all = await build({ ...settingsOf("dev"), containerPort: 3000, healthPath: "/up", probePath: "/shop", healthTimeoutSeconds: 4, stopGraceSeconds: 25, environment: { A: "b c" } });
        const { object, version, inputs } = releaseOf(all);
        const image = String(all.named("web-image-image").outputs["repoDigest"]);
        assert.deepEqual(inputs, { image, containerPort: 3000, healthPath: "/up", probePath: "/shop", healthTimeoutSeconds: 4, stopGraceSeconds: 25, environment: { A: "b c" } });
        assert.match(image, /@sha256:[0-9a-f]{64}$/);
        assert.equal(object.inputs["key"], `releases/${version}.zip`);
        assert.deepEqual(object.secrets, []);
    });

    it("tells other builders of the image by the very tag under which it pushes it itself", async () => {
        let outputs: ReturnType<typeof buildWeb> | undefined;
        const settings = settingsOf("prod");
        const made = await registered(async () => { outputs = buildWeb("gapless", settings, await lookUp(settings, { project: "gapless", stack: settings.stage }), tool); }, { stack: "prod" });
        const image = outputs?.recipe.image;
        assert.ok(image && "tag" in image);
        assert.equal(String(made.named("web-image-image").inputs["imageName"]).replace(/^.*:/, ""), image.tag);
    });

    it("changes nothing but the release when the container listens on another port", async () => {
        const built = [await build({ ...settingsOf("dev"), containerPort: 3000 }), stage("dev")];
        const [changed, unchanged] = built.map(all => new Map(all.all.filter(({ custom }) => custom).map(({ name, inputs }) => [name, JSON.stringify(inputs)])));
        const differing = [...(unchanged?.keys() ?? [])].filter(name => changed?.get(name) !== unchanged?.get(name));
        assert.deepEqual(differing.sort(), ["web-deploy-release", "web-deploy-trigger"]);
    });

    it("keeps a secret environment secret in its state, but not the name of the release", async () => {
        const all = await build({ ...settingsOf("dev"), environment: { TOKEN: "x" }, secretEnvironment: true });
        assert.deepEqual(releaseOf(all).object.secrets, ["contentBase64"]);
    });

    it("tells its region, which CI needs", async () => {
        assert.equal((await outputsOf(settingsOf("dev"))).region, "eu-central-1");
    });

    it("builds what is there at every up, whoever brings the releases: a tag never names other content than its own", async () => {
        for (const source of [{ source: "pulumi" }, jenkins] as const) {
            assert.deepEqual((await build({ ...settingsOf("dev"), ...source })).named("web-image-image").ignoreChanges, []);
        }
    });

    it("names image and release only where it publishes each of them, and elsewhere the one that it has published", async () => {
        const every = ["imageDigest", "releaseKey", "releaseObjectVersion", "releaseVersion", "triggerObjectVersion"];
        const named = async (given: Partial<Settings>) => {
            const outputs = await outputsOf({ ...settingsOf("dev"), ...given });
            return every.filter(name => name in outputs);
        };
        const published = ["releaseKey", "releaseObjectVersion", "triggerObjectVersion"];
        assert.deepEqual(await named({}), every);
        assert.deepEqual(await named(jenkins), published);
        assert.deepEqual(await named({ source: "github", githubRepository: "acme/shop" }), published);
        assert.deepEqual(await named({ ...jenkins, firstRelease: "none" }), []);
    });

    it("builds nothing when it is given an image", async () => {
        const imageDigest = `111122223333.dkr.ecr.eu-central-1.amazonaws.com/shop@sha256:${"a".repeat(64)}`;
        const all = await build({ ...settingsOf("dev"), imageDigest });
        assert.deepEqual(all.ofType("docker:index/image:Image"), []);
        assert.equal(releaseOf(all).inputs.image, imageDigest);
    });

    it("builds for the architecture of the instance type", async () => {
        const all = await build({ ...settingsOf("dev"), instanceType: "t4g.small" });
        assert.equal((all.named("web-image-image").inputs["build"] as { platform: string }).platform, "linux/arm64");
    });

    it("serves HTTPS with a certificate", async () => {
        const certificateArn = "arn:aws:acm:eu-central-1:111122223333:certificate/1";
        const all = await build({ ...settingsOf("dev"), certificateArn });
        assert.ok(all.ofType("aws:lb/listener:Listener").some(({ inputs }) => inputs["certificateArn"] === certificateArn));
    });

    it("is called as its domain is", async () => {
        const all = await build({ ...settingsOf("dev"), domainName: "shop.example.com" });
        assert.equal(all.named("web").outputs["url"], "http://shop.example.com");
    });

    it("tells its hosts from those of another stack of the same stage, in the same account", async () => {
        const tagSets = async (stack: string) => {
            const settings = { ...settingsOf("dev"), fleet: "tagged" as const };
            const made = await registered(async () => buildWeb("gapless", settings, await lookUp(settings, { project: "gapless", stack: settings.stage }), tool), { stack });
            const [instance] = made.ofType("aws:ec2/instance:Instance");
            return { sets: made.named("web-deploy-group").inputs["ec2TagSets"], tags: instance?.inputs["tags"] as Readonly<Record<string, string>> };
        };
        const [one, other] = [await tagSets("dev"), await tagSets("dev-2")];
        assert.notDeepEqual(one.sets, other.sets);
        assert.deepEqual([one.tags["stack"], other.tags["stack"]], ["dev", "dev-2"]);
        const filters = (one.sets as { ec2TagFilters: { key: string; value: string }[] }[]).flatMap(({ ec2TagFilters }) => ec2TagFilters);
        assert.deepEqual(filters.map(({ key, value }) => [key, value]).sort(), [["fleet", "web-hosts"], ["project", "gapless"], ["stack", "dev"]]);
        for (const { key, value } of filters) assert.equal(one.tags[key], value);
    });

    it("tags everything that AWS lets it tag with project and stage", () => {
        const taggable = stage("prod").all.filter(({ type, inputs }) => type.startsWith("aws:") && "tags" in inputs && !Array.isArray(inputs["tags"]));
        assert.ok(taggable.length > 12, `only ${taggable.length} resources are tagged`);
        for (const { name, inputs } of [...taggable, stage("prod").named("network")]) {
            const { project, stage } = inputs["tags"] as Record<string, string>;
            assert.deepEqual({ project, stage }, { project: "gapless", stage: "prod" }, name);
        }
    });
});
