import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { pairwise } from "../support/pairwise";
import type { Registered } from "../support/registered";
import { blueGreen, buildVariant, type Given } from "./variant";

type Check = (made: Registered) => void;
type Choices = Readonly<Record<string, { readonly settings: Given; readonly check: Check }>>;

const account = "111122223333";
const region = "eu-central-1";
const connectionArn = `arn:aws:codeconnections:${region}:${account}:connection/12345678-1234-1234-1234-123456789012`;
const certificateArn = `arn:aws:acm:${region}:${account}:certificate/12345678-1234-1234-1234-123456789012`;
const subnets = ["a", "b", "c", "d"].map(letter => `subnet-0123456789abcde${letter}0`);

const inputsOf = (made: Registered, name: string) => made.named(name).inputs;
const has = (made: Registered, name: string) => made.names().includes(name);
const group = (made: Registered) => inputsOf(made, "web-deploy-group");
const openPorts = (made: Registered) => made.ofType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    .filter(({ inputs }) => inputs["cidrIpv4"] === "0.0.0.0/0").map(({ inputs }) => Number(inputs["fromPort"])).sort((a, b) => a - b);
/** Subnets that the hosts lie in, whichever fleet they belong to. */
const hostSubnets = (made: Registered) => {
    const [scaled] = made.ofType("aws:autoscaling/group:Group");
    const places = scaled ? (scaled.inputs["vpcZoneIdentifiers"] as string[]) : made.ofType("aws:ec2/instance:Instance").map(({ inputs }) => String(inputs["subnetId"]));
    return [...new Set(places)].sort();
};
const inNetwork = (kind: string, nat: string): Check => made => {
    assert.deepEqual(inputsOf(made, "network")["natGateways"], { strategy: nat });
    assert.deepEqual(hostSubnets(made), [...(made.named("network").outputs[kind] as string[])].sort());
    assert.ok(JSON.stringify(inputsOf(made, "network")["vpcEndpointSpecs"]).includes(".s3"), "no gateway to S3");
};

/** What each choice must bring, whatever the others are. */
const dimensions: Readonly<Record<"source" | "fleet" | "door" | "network", Choices>> = {
    source: {
        pulumi: {
            settings: { source: "pulumi" },
            check: made => {
                assert.ok(!made.named("web-deploy-trigger").ignoreChanges.includes("contentBase64"), "the next release would not be published");
                assert.deepEqual([has(made, "web-build-pipeline"), has(made, "web-ci-role")], [false, false]);
            },
        },
        github: {
            settings: { source: "github", githubRepository: "acme/shop", connectionArn },
            check: made => {
                assert.ok(made.named("web-deploy-trigger").ignoreChanges.includes("contentBase64"), "up would bring an old release back");
                assert.equal((inputsOf(made, "web-build-project")["environment"] as Given)["privilegedMode"], true);
                assert.ok(made.comesAfter("web-build-pipeline", "web-deploy-pipeline"), "the build may be first");
                assert.equal(has(made, "web-ci-role"), false);
            },
        },
        s3: {
            settings: { source: "s3", ciPrincipalArn: `arn:aws:iam::${account}:role/jenkins` },
            check: made => {
                assert.ok(made.named("web-deploy-trigger").ignoreChanges.includes("contentBase64"), "up would bring an old release back");
                assert.match(String(inputsOf(made, "web-ci-role")["assumeRolePolicy"]), /role\/jenkins/);
                assert.equal(has(made, "web-build-pipeline"), false);
            },
        },
    },
    fleet: {
        autoScaling: {
            settings: { fleet: "autoScaling" },
            check: made => {
                assert.deepEqual(group(made)["deploymentStyle"], { deploymentType: "IN_PLACE", deploymentOption: "WITH_TRAFFIC_CONTROL" });
                assert.deepEqual(group(made)["autoscalingGroups"], [made.named("web-hosts-group").outputs["name"]]);
                assert.equal("ec2TagSets" in group(made), false);
                assert.ok(made.comesAfter("web-deploy-pipeline", "web-hosts-group"));
            },
        },
        blueGreen: {
            settings: { ...blueGreen },
            check: made => {
                for (const [name, fleet] of [["web-deploy-group", "web-hosts-group"], ["web-deploy-group-green", "web-hosts-group-green"]] as const) {
                    const { autoscalingGroups, deploymentStyle, deploymentConfigName } = inputsOf(made, name);
                    assert.deepEqual(autoscalingGroups, [made.named(fleet).outputs["name"]]);
                    assert.deepEqual([deploymentStyle, deploymentConfigName], [{ deploymentType: "IN_PLACE", deploymentOption: "WITH_TRAFFIC_CONTROL" }, "CodeDeployDefault.HalfAtATime"]);
                    assert.equal(inputsOf(made, fleet)["minSize"], 0);
                    assert.deepEqual(inputsOf(made, fleet)["launchTemplate"], inputsOf(made, "web-hosts-group")["launchTemplate"]);
                    assert.ok(made.comesAfter("web-deploy-pipeline", fleet));
                }
                assert.equal(inputsOf(made, "web-deploy-group-green")["deploymentGroupName"], `${String(group(made)["deploymentGroupName"])}-green`);
                assert.equal(has(made, "web-deploy-record"), false);
                for (const colour of ["blue", "green"]) assert.deepEqual(made.named(`web-header-${colour}`).secrets, ["conditions"]);
            },
        },
        tagged: {
            settings: { fleet: "tagged" },
            check: made => {
                assert.deepEqual(group(made)["deploymentStyle"], { deploymentType: "IN_PLACE", deploymentOption: "WITH_TRAFFIC_CONTROL" });
                const instances = made.ofType("aws:ec2/instance:Instance");
                assert.ok(instances.length >= 2);
                assert.equal("autoscalingGroups" in group(made), false);
                assert.equal((group(made)["ec2TagSets"] as unknown[]).length, 3);
                assert.deepEqual(made.ofType("aws:lb/targetGroupAttachment:TargetGroupAttachment").length, instances.length);
                for (const { name } of instances) assert.ok(made.comesAfter("web-deploy-pipeline", name), `${name} may come late`);
            },
        },
    },
    door: {
        http: {
            settings: { httpOnly: true },
            check: made => { assert.deepEqual(openPorts(made), [80]); },
        },
        certificate: {
            settings: { certificateArn, domainName: "shop.example.com", httpOnly: false },
            check: made => {
                assert.deepEqual(openPorts(made), [80, 443]);
                assert.equal(inputsOf(made, "web-https")["certificateArn"], certificateArn);
                assert.match(JSON.stringify(inputsOf(made, "web-http")["defaultActions"]), /HTTP_301/);
            },
        },
        zone: {
            settings: { zoneName: "example.com", domainName: "shop.example.com", httpOnly: false },
            check: made => {
                assert.deepEqual(openPorts(made), [80, 443]);
                assert.ok(made.comesAfter("web-https", "web-certificate-issued"), "the listener does not wait for its certificate");
                assert.equal(inputsOf(made, "web-alias")["name"], "shop.example.com");
            },
        },
    },
    network: {
        public: { settings: { natGateways: "none" }, check: inNetwork("publicSubnetIds", "None") },
        single: { settings: { natGateways: "single" }, check: inNetwork("privateSubnetIds", "Single") },
        onePerAz: { settings: { natGateways: "onePerAz" }, check: inNetwork("privateSubnetIds", "OnePerAz") },
        endpoints: {
            settings: { natGateways: "none", interfaceEndpoints: true },
            check: made => {
                inNetwork("privateSubnetIds", "None")(made);
                assert.ok(made.comesAfter("web-deploy-pipeline", "network-codedeploy-commands-secure"), "hosts may boot before they reach CodeDeploy");
            },
        },
        existing: {
            settings: {
                natGateways: "none", flowLogs: false, vpcId: "vpc-0123456789abcdef0", publicSubnetIds: subnets.slice(0, 2), hostSubnetIds: subnets.slice(2),
            },
            check: made => {
                assert.equal(has(made, "network"), false);
                assert.deepEqual(inputsOf(made, "web-alb")["subnets"], subnets.slice(0, 2));
                assert.deepEqual(hostSubnets(made), subnets.slice(2));
            },
        },
    },
};

/** What a stage's file brings, whatever the other settings are. */
const stages: Readonly<Record<string, Check>> = {
    dev: made => { assert.doesNotMatch(JSON.stringify(inputsOf(made, "web-deploy-pipeline")), /Approval/); },
    stg: made => { assert.doesNotMatch(JSON.stringify(inputsOf(made, "web-deploy-pipeline")), /Approval/); },
    prod: made => {
        const pipeline = inputsOf(made, "web-deploy-pipeline")["stages"] as { readonly actions: readonly { readonly category: string }[] }[];
        const categories = pipeline.flatMap(({ actions }) => actions.map(({ category }) => category));
        assert.deepEqual(categories.slice(0, 3), ["Source", "Approval", has(made, "web-deploy-roll") ? "Build" : "Deploy"]);
        assert.equal(inputsOf(made, "web-alb")["enableDeletionProtection"], true);
    },
};

/** What holds in every stack. */
function always(made: Registered, stage: string): void {
    assert.equal(group(made)["deploymentGroupName"], stage);
    assert.equal(made.ofType("docker:index/image:Image").length, 1);
    for (const later of ["web-deploy-trigger", "web-deploy-pipeline"]) {
        assert.ok(made.comesAfter(later, "web-deploy-codedeploy-policy"), `${later} comes before CodeDeploy may do anything`);
    }
    for (const { name, inputs } of made.ofType("aws:lb/targetGroup:TargetGroup")) assert.equal(inputs["targetType"], "instance", name);
}

/** Each stage with each network, but hosts with public addresses outside dev. */
const places = Object.keys(stages).flatMap(stage => Object.keys(dimensions.network).map(network => ({ stage, network })))
    .filter(({ stage, network }) => stage === "dev" || network !== "public");

describe("combinations of settings", () => {
    const { network, ...rest } = dimensions;
    const choices = Object.fromEntries(Object.entries(rest).map(([name, values]) => [name, Object.keys(values)]));
    const combinations = pairwise({ ...choices, place: places.map(place => JSON.stringify(place)) });

    for (const { place = "", ...combination } of combinations) {
        const { stage, network: around } = JSON.parse(place) as { stage: string; network: string };
        it(`are what each setting asks for: ${Object.values(combination).join(", ")}, ${stage}, ${around}`, async () => {
            const chosen = [
                network[around] ?? assert.fail(around),
                ...Object.entries(combination).map(([name, value]) => rest[name as keyof typeof rest][value] ?? assert.fail(value)),
            ];
            const made = await buildVariant(stage, Object.assign({}, ...chosen.map(({ settings }) => settings)) as Given);
            for (const { check } of chosen) check(made);
            stages[stage]?.(made);
            always(made, stage);
        });
    }

    it("refuse hosts with public addresses outside dev", async () => {
        for (const stage of ["stg", "prod"]) {
            await assert.rejects(buildVariant(stage, { natGateways: "none" }), /natGateways/, stage);
        }
    });
});
