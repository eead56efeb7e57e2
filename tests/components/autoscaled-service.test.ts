import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import { AutoscaledService, type AutoscaledServiceArgs } from "../../components";
import { allows, type Request } from "../support/iam";
import { registered, type Registered } from "../support/registered";
import { serviceArgs } from "./sample";

const build = (args: Partial<AutoscaledServiceArgs> = {}): Promise<Registered> =>
    registered(() => { new AutoscaledService("web", { ...serviceArgs, ...args }); });

describe("AutoscaledService", () => {
    let made: Registered;
    before(async () => { made = await build(); });

    it("launches encrypted instances whose metadata needs a token and is out of reach of containers", () => {
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
        });
    });

    it("lets containers use its role only when asked to", async () => {
        const made = await build({ containersUseInstanceRole: true });
        const { metadataOptions } = made.named("web-template").inputs as { metadataOptions: { httpPutResponseHopLimit: number; httpTokens: string } };
        assert.deepEqual([metadataOptions.httpPutResponseHopLimit, metadataOptions.httpTokens], [2, "required"]);
    });

    it("exports what the boot script asks for in front of it", async () => {
        const made = await build({ swapGiB: 2 });
        assert.equal(bootText(made), [
            "#!/bin/bash",
            "export GAPLESS_REGION='eu-central-1'",
            "export GAPLESS_ARTIFACT_BUCKET='releases-1'",
            "export GAPLESS_COMPOSE_KEY='tools/docker-compose-2.40.3-x86_64'",
            `export GAPLESS_COMPOSE_SHA256='${"aa".repeat(32)}'`,
            "export GAPLESS_AGENT_VERSION='1.8.1-26'",
            "export GAPLESS_REGISTRY='111122223333.dkr.ecr.eu-central-1.amazonaws.com'",
            `export GAPLESS_LOG_GROUP='${String(made.named("web-logs").outputs["name"])}'`,
            "export GAPLESS_SWAP_GIB='2'",
            "export GAPLESS_LIFECYCLE_HOOK='boot'",
            "#!/bin/bash",
            "echo boot",
            "",
        ].join("\n"));
    });

    it("takes image, compose and checksum of the processor that the instance type has", async () => {
        const made = await build({ instanceType: "t4g.small" });
        assert.match(String(made.named("web-template").inputs["imageId"]), /al2023-ami-kernel-default-arm64$/);
        assert.deepEqual(made.named("web-compose").inputs["key"], "tools/docker-compose-2.40.3-aarch64");
        assert.match(bootText(made), new RegExp("bb".repeat(32)));
    });

    it("takes a given image, sizes and tags", async () => {
        const made = await build({
            amiId: "ami-1", rootVolumeGiB: 40, minSize: 4, maxSize: 8, requestsPerTarget: 250, logRetentionDays: 7, launchTags: { stage: "prod" },
        });
        const { imageId, blockDeviceMappings, tagSpecifications } = made.named("web-template").inputs;
        assert.equal(imageId, "ami-1");
        assert.deepEqual(blockDeviceMappings, [{
            deviceName: "/dev/xvda", ebs: { volumeType: "gp3", volumeSize: 40, encrypted: "true", deleteOnTermination: "true" },
        }]);
        assert.deepEqual(tagSpecifications, [{ resourceType: "volume", tags: { stage: "prod" } }]);
        const { minSize, maxSize, tags } = made.named("web-group").inputs;
        assert.deepEqual({ minSize, maxSize, tags }, {
            minSize: 4, maxSize: 8,
            tags: [{ key: "Name", value: "web", propagateAtLaunch: true }, { key: "stage", value: "prod", propagateAtLaunch: true }],
        });
        assert.equal((made.named("web-scaling").inputs["targetTrackingConfiguration"] as { targetValue: number }).targetValue, 250);
        assert.deepEqual(made.named("web-logs").inputs, { retentionInDays: 7 });
    });

    it("brings an instance into service only when it has booted, and judges it by EC2's health alone", () => {
        assert.deepEqual(made.named("web-group").inputs, {
            vpcZoneIdentifiers: ["subnet-a", "subnet-b"],
            targetGroupArns: [serviceArgs.targetGroupArn],
            healthCheckType: "EC2",
            healthCheckGracePeriod: 900,
            initialLifecycleHooks: [{
                name: "boot", lifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING", heartbeatTimeout: 600, defaultResult: "ABANDON",
            }],
            waitForCapacityTimeout: "900s",
            instanceMaintenancePolicy: { minHealthyPercentage: 100, maxHealthyPercentage: 110 },
            defaultInstanceWarmup: 60,
            minSize: 2,
            maxSize: 4,
            launchTemplate: { id: made.named("web-template").outputs["id"], version: "1" },
            tags: [{ key: "Name", value: "web", propagateAtLaunch: true }],
        });
    });

    it("leaves the group's size to scaling, its hooks to its creation, and the group alone when it is protected", async () => {
        assert.deepEqual(made.named("web-group").ignoreChanges, ["desiredCapacity", "initialLifecycleHooks"]);
        assert.deepEqual((await build({ deletionProtection: true })).all.filter(resource => resource.protect).map(resource => resource.name), ["web-group"]);
        assert.equal(made.named("web-group").protect, false);
    });

    it("scales by requests per instance", () => {
        assert.deepEqual(made.named("web-scaling").inputs, {
            autoscalingGroupName: made.named("web-group").outputs["name"],
            policyType: "TargetTrackingScaling",
            targetTrackingConfiguration: {
                predefinedMetricSpecification: { predefinedMetricType: "ALBRequestCountPerTarget", resourceLabel: "app/web/2/targetgroup/web/1" },
                targetValue: 1000,
            },
        });
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

    it("stores the pinned compose plugin in the release bucket", async () => {
        const { source, ...object } = made.named("web-compose").inputs;
        assert.deepEqual(object, { bucket: "releases-1", key: "tools/docker-compose-2.40.3-x86_64" });
        assert.equal(await (source as pulumi.asset.RemoteAsset).uri, "https://example.com/compose-x86_64");
    });

    it("is EC2's role, for its own profile", () => {
        assert.equal(allows(made.named("web-instance-role").inputs["assumeRolePolicy"], { action: "sts:AssumeRole", service: "ec2.amazonaws.com" }), true);
        assert.equal(allows(made.named("web-instance-role").inputs["assumeRolePolicy"], { action: "sts:AssumeRole", service: "lambda.amazonaws.com" }), false);
        assert.deepEqual(made.named("web-profile").inputs, { role: made.named("web-instance-role").outputs["name"] });
    });

    describe("an instance", () => {
        const reportToGroup: Request = {
            action: "autoscaling:CompleteLifecycleAction",
            resource: "arn:aws:autoscaling:eu-central-1:111122223333:autoScalingGroup:1-2:autoScalingGroupName/web-group-0a1b2c3",
        };
        const own: readonly Request[] = [
            { action: "s3:GetObject", resource: "arn:aws:s3:::releases-1/releases/0123456789ab.zip" },
            { action: "s3:GetObjectVersion", resource: "arn:aws:s3:::releases-1/web-pipeline/release/AbCdEf" },
            { action: "ecr:GetAuthorizationToken" },
            { action: "ecr:BatchGetImage", resource: "arn:aws:ecr:eu-central-1:111122223333:repository/web" },
            { action: "ecr:GetDownloadUrlForLayer", resource: "arn:aws:ecr:eu-central-1:111122223333:repository/web" },
            { action: "autoscaling:DescribeAutoScalingInstances" },
            reportToGroup,
            { action: "ssmmessages:OpenDataChannel" },
        ];
        const foreign: readonly Request[] = [
            { action: "s3:PutObject", resource: "arn:aws:s3:::releases-1/releases/0123456789ab.zip" },
            { action: "s3:GetObject", resource: "arn:aws:s3:::releases-2/releases/0123456789ab.zip" },
            { action: "s3:ListBucket", resource: "arn:aws:s3:::releases-1" },
            { action: "ecr:BatchGetImage", resource: "arn:aws:ecr:eu-central-1:111122223333:repository/web-2" },
            { action: "ecr:PutImage", resource: "arn:aws:ecr:eu-central-1:111122223333:repository/web" },
            { action: "autoscaling:CompleteLifecycleAction", resource: "arn:aws:autoscaling:eu-central-1:111122223333:autoScalingGroup:1-2:autoScalingGroupName/other-group-0a1b2c3" },
            { action: "autoscaling:CompleteLifecycleAction", resource: "arn:aws:autoscaling:eu-central-1:999999999999:autoScalingGroup:1-2:autoScalingGroupName/web-group-0a1b2c3" },
            { action: "logs:PutLogEvents", resource: "arn:aws:logs:eu-central-1:111122223333:log-group:other:log-stream:i-1" },
            { action: "ssm:GetParameter", resource: "arn:aws:ssm:eu-central-1:111122223333:parameter/any" },
            { action: "codedeploy:CreateDeployment" },
            { action: "elasticloadbalancing:RegisterTargets" },
        ];

        it("may do what a release and its boot need", () => {
            const logStream = `${String(made.named("web-logs").outputs["arn"])}:log-stream:i-1`;
            const policy = made.named("web-instance-policy").inputs["policy"];
            for (const request of [...own, { action: "logs:PutLogEvents", resource: logStream }]) {
                assert.equal(allows(policy, request), true, JSON.stringify(request));
            }
        });

        it("may not do it to a neighbour's things, nor anything else", () => {
            const policy = made.named("web-instance-policy").inputs["policy"];
            for (const request of foreign) assert.equal(allows(policy, request), false, JSON.stringify(request));
        });

        it("may report to its own group only, told by the tags, when other stacks of the account have one of the same name", async () => {
            const made = await build({ launchTags: { project: "shop", stage: "dev" } });
            const report = (stage: string) => allows(made.named("web-instance-policy").inputs["policy"], {
                ...reportToGroup, context: { "aws:ResourceTag/project": "shop", "aws:ResourceTag/stage": stage },
            });
            assert.equal(report("dev"), true);
            assert.equal(report("prod"), false);
        });
    });

    it("tells the names that others connect to", () => {
        assert.deepEqual({ ...made.named("web").outputs, autoScalingGroup: "whole" }, {
            autoScalingGroup: "whole",
            autoScalingGroupName: made.named("web-group").outputs["name"],
            autoScalingGroupArn: made.named("web-group").outputs["arn"],
            logGroupName: made.named("web-logs").outputs["name"],
            securityGroupId: made.named("web-access").outputs["id"],
            instanceRoleName: made.named("web-instance-role").outputs["name"],
        });
    });

    it("refuses all wrong arguments in one error", async () => {
        await assert.rejects(build({ instanceType: "small", minSize: 1, maxSize: 0, bootScript: `#!/bin/sh\n${"x".repeat(15360)}` }), {
            message:
                "AutoscaledService 'web': instanceType must be one of EC2's such as t3.small or t4g.small, got 'small'; " +
                "minSize must be 2 or more, since half of the instances serve while the others change, got 1; " +
                "maxSize must be minSize (1) or more, got 0; bootScript must have at most 15360 bytes, got 15370; " +
                "bootScript must begin with #!/bin/bash, since it runs as that",
        });
    });
});

function bootText(made: Registered): string {
    return Buffer.from(String(made.named("web-template").inputs["userData"]), "base64").toString();
}
