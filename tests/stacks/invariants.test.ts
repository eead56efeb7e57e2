import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import type { Registration } from "../../rehearsal/program/recording";
import { typesOf, voidActions } from "../support/iam-resources";
import type { Registered } from "../support/registered";
import { blueGreen, buildVariant, type Given } from "./variant";

const zone = { zoneName: "example.com", domainName: "shop.example.com", httpOnly: false };
const provider = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com";
/** Stacks that together hold every component. */
const stacks: Readonly<Record<string, { readonly stage: string; readonly given: Given; readonly open: readonly number[]; readonly services: readonly string[] }>> = {
    "GitHub, an Auto Scaling group and HTTPS": {
        stage: "prod",
        given: {
            ...zone, source: "github", githubRepository: "acme/shop", waf: true, cpuPercent: 60, zoneByZone: true,
            ciOidcProviderArn: provider, ciOidcSubject: "repo:acme/shop:environment:prod", ciPreviewSubject: "repo:acme/shop:pull_request",
        },
        open: [80, 443],
        // One for jobs that deploy, one for those of pull requests.
        services: [provider, provider, "codebuild", "codebuild", "codedeploy", "codepipeline", "codepipeline", "ec2", "events", "vpc-flow-logs"],
    },
    "Jenkins, a tagged fleet and endpoints": {
        stage: "stg",
        given: { source: "s3", ciPrincipalArn: "arn:aws:iam::111122223333:role/jenkins", ciMayDeploy: true, fleet: "tagged", natGateways: "none", interfaceEndpoints: true },
        open: [80],
        services: ["arn:aws:iam::111122223333:role/jenkins", "codebuild", "codedeploy", "codepipeline", "ec2", "events"],
    },
    "pulumi up, Docker Hub and CloudFront": {
        stage: "dev",
        given: {
            ...zone, cloudFront: true, waf: true, registry: "dockerHub", dockerHubRepository: "acme/shop",
            dockerHubSecretArn: "arn:aws:secretsmanager:eu-central-1:111122223333:secret:docker-hub-AbCdEf", spot: true,
        },
        open: [],
        services: ["codebuild", "codedeploy", "codepipeline", "ec2", "events"],
    },
    "Jenkins and two colours": {
        stage: "prod",
        given: { ...zone, ...blueGreen, source: "s3", ciPrincipalArn: "arn:aws:iam::111122223333:role/jenkins", ciMayDeploy: true, shiftPercents: [10, 100] },
        open: [80, 443],
        services: ["arn:aws:iam::111122223333:role/jenkins", "codebuild", "codedeploy", "codepipeline", "ec2", "events", "vpc-flow-logs"],
    },
    "pulumi up, two colours and CloudFront": {
        stage: "dev",
        given: { ...blueGreen, cloudFront: true, spot: true },
        open: [],
        services: ["codebuild", "codedeploy", "codepipeline", "ec2", "events"],
    },
};

/** Where AWS picks a new name when it must replace the resource; a fixed one would make that impossible. */
const unnamed = [
    "aws:lb/loadBalancer:LoadBalancer", "aws:lb/targetGroup:TargetGroup", "aws:autoscaling/group:Group", "aws:ec2/launchTemplate:LaunchTemplate",
    "aws:codepipeline/pipeline:Pipeline", "aws:codedeploy/application:Application", "aws:s3/bucket:Bucket", "aws:ecr/repository:Repository",
    "aws:iam/role:Role", "aws:cloudwatch/logGroup:LogGroup", "aws:cloudwatch/eventRule:EventRule", "aws:cloudwatch/metricAlarm:MetricAlarm",
    "aws:codebuild/project:Project", "aws:codedeploy/deploymentConfig:DeploymentConfig", "aws:sns/topic:Topic", "aws:codeconnections/connection:Connection",
];

interface PolicyStatement {
    readonly Effect: string;
    readonly Action: string | readonly string[];
    readonly Resource: string | readonly string[];
    readonly Condition?: unknown;
}

const statementsOf = (policy: unknown) => (JSON.parse(String(policy)) as { Statement: readonly PolicyStatement[] }).Statement;
const inOrder = (ports: readonly unknown[]) => [...new Set(ports.map(Number))].sort((a, b) => a - b);

const built = new Map<string, Promise<Registered>>();
/** Built when it is first asked for. */
function stackOf(name: string): Promise<Registered> {
    const { stage, given } = stacks[name] ?? assert.fail(`No stack is called ${name}`);
    const made = built.get(name) ?? buildVariant(stage, given);
    built.set(name, made);
    return made;
}

describe("every component", () => {
    const made: Registered[] = [];
    before(async () => {
        for (const name of Object.keys(stacks)) made.push(await stackOf(name));
    });

    it("is in one of these stacks", () => {
        const types = new Set(made.flatMap(({ all }) => all.filter(({ custom, type }) => !custom && type.startsWith("gapless:")).map(({ type }) => type)));
        assert.deepEqual([...types].sort(), [
            "AutoscaledService", "BuildPipeline", "BuildStore", "CiRole", "ContainerImage", "ContentDelivery", "Dashboard", "DeployPipeline",
            "FlowLogs", "LoadBalancedTier", "Notifications", "PreviewRole", "ReleaseStore", "ServiceAlarms", "StageNote", "TaggedFleet",
        ].map(name => `gapless:index:${name}`));
    });
});

Object.entries(stacks).forEach(([name, { open, services }]) => {
    describe(`a stack of ${name}`, () => {
        let made: Registered;
        before(async () => { made = await stackOf(name); });

        const each = (type: string, check: (resource: Registration) => void) => { made.ofType(type).forEach(check); };

        it("parents each of its children in a component and gives it the component's name", () => {
            const components = new Map(made.all.filter(({ custom }) => !custom).map(({ urn, name }) => [urn, name]));
            for (const { name, parent, custom } of made.all) {
                if (!custom || name.startsWith("network-")) continue;
                const component = components.get(parent ?? "") ?? assert.fail(`${name} has no component for a parent`);
                assert.ok(name.startsWith(`${component}-`), `${name} is not named after ${component}`);
            }
        });

        it("is open to the world on the load balancer's listener ports only", () => {
            const world = made.ofType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").filter(({ inputs }) => "cidrIpv4" in inputs && inputs["cidrIpv4"] === "0.0.0.0/0");
            assert.deepEqual(inOrder(world.flatMap(({ inputs }) => [inputs["fromPort"], inputs["toPort"]])), open);
            for (const { name, inputs } of world) assert.equal(inputs["securityGroupId"], made.named("web-access").outputs["id"], name);
            each("aws:ec2/securityGroup:SecurityGroup", ({ name, inputs }) => {
                assert.deepEqual(["ingress", "egress"].filter(key => key in inputs), [], `${name} has rules of its own`);
            });
        });

        it("fixes no name that a replacement would need again", () => {
            for (const type of unnamed) {
                each(type, ({ name, inputs }) => {
                    assert.deepEqual(["name", "namePrefix", "bucket", "bucketPrefix", "deploymentConfigName"].filter(key => key in inputs), [], name);
                });
            }
        });

        it("never resets the size that scaling has found, nor waits for or judges by the health of instances without a release", () => {
            each("aws:autoscaling/group:Group", ({ name, inputs, ignoreChanges }) => {
                assert.ok(ignoreChanges.includes("desiredCapacity"), name);
                assert.deepEqual(["desiredCapacity", "minElbCapacity", "waitForElbCapacity", "instanceRefresh"].filter(key => key in inputs), [], name);
                assert.equal(inputs["healthCheckType"], "EC2", name);
            });
        });

        it("encrypts what it stores", () => {
            each("aws:ec2/launchTemplate:LaunchTemplate", ({ name, inputs }) => {
                const volumes = inputs["blockDeviceMappings"] as { ebs: { encrypted: string } }[];
                assert.deepEqual(volumes.map(volume => volume.ebs.encrypted), ["true"], name);
            });
            const encrypted = made.ofType("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration").map(({ inputs }) => inputs["bucket"]);
            const buckets = made.ofType("aws:s3/bucket:Bucket").map(({ outputs }) => outputs["bucket"]);
            assert.ok(buckets.length > 0);
            assert.deepEqual(buckets.sort(), encrypted.sort());
        });

        it("shows no bucket to the public and none to whoever comes without TLS", () => {
            const guarded = (type: string) => made.ofType(type).map(({ inputs }) => inputs["bucket"]).sort();
            const buckets = made.ofType("aws:s3/bucket:Bucket").map(({ outputs }) => outputs["bucket"]).sort();
            assert.deepEqual(guarded("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"), buckets);
            assert.deepEqual(guarded("aws:s3/bucketPolicy:BucketPolicy"), buckets);
            each("aws:s3/bucketPolicy:BucketPolicy", ({ name, inputs }) => { assert.match(String(inputs["policy"]), /aws:SecureTransport/, name); });
        });

        it("asks for a token at the metadata of every instance", () => {
            assert.equal(made.ofType("aws:ec2/launchTemplate:LaunchTemplate").length, 1);
            each("aws:ec2/launchTemplate:LaunchTemplate", ({ name, inputs }) => {
                const { httpTokens, httpPutResponseHopLimit } = inputs["metadataOptions"] as Given;
                assert.deepEqual({ httpTokens, httpPutResponseHopLimit }, { httpTokens: "required", httpPutResponseHopLimit: 1 }, name);
            });
        });

        it("gives each principal a role of its own, with inline permissions only", () => {
            const principals = made.ofType("aws:iam/role:Role").map(({ inputs }) => {
                assert.deepEqual(Object.keys(inputs).filter(key => !["assumeRolePolicy", "maxSessionDuration", "tags"].includes(key)), []);
                const { Statement } = JSON.parse(String(inputs["assumeRolePolicy"])) as { Statement: { Principal: Record<string, string> }[] };
                return Statement.flatMap(({ Principal }) => Object.values(Principal)).join().replace(".amazonaws.com", "");
            });
            assert.deepEqual(principals.sort(), services);
            assert.deepEqual(made.all.filter(({ type }) => type.startsWith("aws:iam/") && type.includes("Attachment")), []);
        });

        it("lets services of AWS take a role only for this account's own resources, but EC2, which knows no such condition", () => {
            each("aws:iam/role:Role", ({ name, inputs }) => {
                if (/ec2\.amazonaws\.com|:role\/jenkins|:oidc-provider\//.test(String(inputs["assumeRolePolicy"]))) return;
                for (const { Condition } of statementsOf(inputs["assumeRolePolicy"])) assert.match(JSON.stringify(Condition), /aws:SourceAccount/, name);
            });
        });

        it("allows each action on resources of a type that AWS looks at for it", () => {
            each("aws:iam/rolePolicy:RolePolicy", ({ name, inputs }) => { assert.deepEqual(voidActions(inputs["policy"]), [], name); });
        });

        it("allows no service everything, and changes nothing on a resource that it could name and does not", () => {
            each("aws:iam/rolePolicy:RolePolicy", ({ name, inputs }) => {
                for (const { Action, Resource } of statementsOf(inputs["policy"]).filter(({ Effect }) => Effect === "Allow")) {
                    const actions = [Action].flat();
                    assert.deepEqual(actions.filter(action => action.includes("*")), [], name);
                    if (![Resource].flat().includes("*")) continue;
                    // Of instances that are not there yet, the second, and each only of itself.
                    const reads = /:(Describe\w+|UpdateInstanceInformation)$/;
                    // Settings decide which of these there are, and whoever previews may have changed them.
                    const lookedUp = /:(GetOriginRequestPolicy|ListOriginRequestPolicies|GetManagedPrefixListEntries|GetHostedZone|ListHostedZones|ListHostedZonesByName|GetConnection|ListTagsForResource)$/;
                    assert.deepEqual(actions.filter(action => typesOf(action).length > 0 && !reads.test(action) && !(name === "web-preview-policy" && lookedUp.test(action))), [], name);
                }
            });
        });
    });
});
