import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { bootTimeoutSeconds, healthCheckGraceSeconds, hostPort } from "../release/rollout";
import { accountOf } from "./account";
import { after } from "./after";
import { type Architecture, architectureOf } from "./architecture";
import { check } from "./check";
import { instancePolicy } from "./instance-policy";
import { makeRole } from "./role";
import { maximumScriptBytes, userData } from "./user-data";

/** Lifecycle hook that the last line of the boot script completes. */
const launchHook = "boot";
/** Seconds that Pulumi goes on waiting when the last instance has used up its time to boot: to be told of the next one, not to give up before. */
const launchMarginSeconds = 300;

/** Docker compose plugin, pinned: Amazon Linux 2023 has no package of it. */
export interface ComposeBinary {
    readonly version: string;
    /** Download address for each architecture. */
    readonly url: Readonly<Record<"x86_64" | "aarch64", string>>;
    readonly sha256: Readonly<Record<"x86_64" | "aarch64", string>>;
}

export interface AutoscaledServiceArgs {
    /** Network of the instances. */
    readonly vpcId: pulumi.Input<string>;
    /** Subnets of the instances, in at least two availability zones. */
    readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
    /** Target group in which instances register. */
    readonly targetGroupArn: pulumi.Input<string>;
    /** Security group of the load balancer, the only one that reaches the instances. */
    readonly loadBalancerSecurityGroupId: pulumi.Input<string>;
    /** `LoadBalancer` dimension of the requests that are counted for scaling. */
    readonly loadBalancerDimension: pulumi.Input<string>;
    /** `TargetGroup` dimension of the requests that are counted for scaling. */
    readonly targetGroupDimension: pulumi.Input<string>;
    /** Bucket with releases and boot tools. */
    readonly releaseBucketName: pulumi.Input<string>;
    /** ARN of that bucket. */
    readonly releaseBucketArn: pulumi.Input<string>;
    /** Private repositories the instances may pull from. */
    readonly repositoryArns: pulumi.Input<pulumi.Input<string>[]>;
    /** Registry the instances log in to by the credential helper. */
    readonly registry: pulumi.Input<string>;
    /** Text of the boot script, which gets what it needs from exported variables. */
    readonly bootScript: string;
    /** Docker compose plugin that the instances install. */
    readonly compose: ComposeBinary;
    /** Version of the CodeDeploy agent that the instances install. */
    readonly codeDeployAgentVersion: string;
    /** Instance type; tells the architecture, too. @default t3.small */
    readonly instanceType?: string;
    /** AMI of the instances. @default the newest Amazon Linux 2023 at each launch */
    readonly amiId?: string;
    /** Fewest instances. @default 2 */
    readonly minSize?: number;
    /** Most instances. @default 4 */
    readonly maxSize?: number;
    /** Size of the encrypted root volume. @default 20 */
    readonly rootVolumeGiB?: number;
    /** Size of the swap file. @default 1 */
    readonly swapGiB?: number;
    /**
     * Whether containers, too, may use the instance's role. They are one network hop further from the metadata service than the
     * host, so the hop limit decides. @default false: only the host
     */
    readonly containersUseInstanceRole?: boolean;
    /** Requests per minute and instance that scaling aims at. @default 1000 */
    readonly requestsPerTarget?: number;
    /** Days that logs are kept. @default 30 */
    readonly logRetentionDays?: number;
    /** Whether Pulumi refuses to delete or replace the Auto Scaling group. @default false */
    readonly deletionProtection?: boolean;
    /** Tags of what AWS launches (instances, volumes), which a provider's default tags do not reach. @default none */
    readonly launchTags?: Readonly<Record<string, string>>;
}

/** Where the containers run: instances that are ready for releases when they come into service. */
export class AutoscaledService extends pulumi.ComponentResource {
    /** Auto Scaling group, as CodeDeploy refers to it. */
    readonly autoScalingGroupName: pulumi.Output<string>;
    readonly autoScalingGroupArn: pulumi.Output<string>;
    /** Log group of the instances. */
    readonly logGroupName: pulumi.Output<string>;
    /** Security group of the instances, for a database to let in. */
    readonly securityGroupId: pulumi.Output<string>;
    /** Role of the instances, to allow the service more. */
    readonly instanceRoleName: pulumi.Output<string>;
    readonly autoScalingGroup: aws.autoscaling.Group;

    /**
     * What `opts.dependsOn` names comes before the instances: a network with its routes, for the boot; and the load balancer's
     * listeners, since AWS scales by the requests only of a target group that a listener forwards to.
     */
    constructor(name: string, args: AutoscaledServiceArgs, opts?: pulumi.ComponentResourceOptions) {
        super("gapless:index:AutoscaledService", name, args, opts);
        const { instanceType = "t3.small", minSize = 2, maxSize = 4, logRetentionDays = 30, deletionProtection = false } = args;
        const architecture = architectureOf(instanceType);
        check(this, `AutoscaledService '${name}'`, [
            architecture === undefined && `instanceType must be one of EC2's such as t3.small or t4g.small, got '${instanceType}'`,
            minSize < 2 && `minSize must be 2 or more, since half of the instances serve while the others change, got ${minSize}`,
            maxSize < minSize && `maxSize must be minSize (${minSize}) or more, got ${maxSize}`,
            ...scriptRules(args.bootScript),
        ]);
        // Checked above, which TypeScript cannot see.
        const { ami, uname } = architecture as Architecture;

        const account = accountOf(this);
        const logs = new aws.cloudwatch.LogGroup(`${name}-logs`, { retentionInDays: logRetentionDays }, { parent: this });
        const { access, rules } = this.admitLoadBalancer(name, args);
        const { role, policy } = makeRole(`${name}-instance`, {
            service: "ec2.amazonaws.com",
            statements: instancePolicy({ ...args, account, logGroupArn: logs.arn, groupName: `${name}-group` }),
        }, this);
        const profile = new aws.iam.InstanceProfile(`${name}-profile`, { role: role.name }, { parent: this });
        const compose = this.storeCompose(name, args, uname);
        const template = new aws.ec2.LaunchTemplate(`${name}-template`, {
            ...templateArgs(args),
            instanceType,
            // Resolved at each launch: a newer AMI changes no template.
            imageId: args.amiId ?? `resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${ami}`,
            iamInstanceProfile: { arn: profile.arn },
            vpcSecurityGroupIds: [access.id],
            userData: bootUserData(args, { region: account.region, composeKey: compose.key, logGroup: logs.name }, uname),
        }, { parent: this });
        this.autoScalingGroup = new aws.autoscaling.Group(`${name}-group`, {
            ...groupArgs(name, args),
            minSize,
            maxSize,
            // A new version of the template is for the next launch. No instanceRefresh: it would replace instances in the middle of a deployment.
            launchTemplate: { id: template.id, version: pulumi.interpolate`${template.latestVersion}` },
        }, {
            parent: this,
            protect: deletionProtection,
            // Scaling decides the capacity. The first hooks are an argument of creating the group: another one would replace it.
            ignoreChanges: ["desiredCapacity", "initialLifecycleHooks"],
            dependsOn: after(opts, policy, ...rules),
        });
        this.scaleByRequests(name, args);

        this.autoScalingGroupName = this.autoScalingGroup.name;
        this.autoScalingGroupArn = this.autoScalingGroup.arn;
        this.logGroupName = logs.name;
        this.securityGroupId = access.id;
        this.instanceRoleName = role.name;
        this.registerOutputs({
            autoScalingGroupName: this.autoScalingGroupName,
            autoScalingGroupArn: this.autoScalingGroupArn,
            logGroupName: this.logGroupName,
            securityGroupId: this.securityGroupId,
            instanceRoleName: this.instanceRoleName,
            autoScalingGroup: this.autoScalingGroup,
        });
    }

    /** Opens one way in: from the load balancer to the service's port, and at both ends. An instance cannot boot before the rules. */
    private admitLoadBalancer(name: string, { vpcId, loadBalancerSecurityGroupId }: AutoscaledServiceArgs) {
        const parent = { parent: this };
        const access = new aws.ec2.SecurityGroup(`${name}-access`, { vpcId, description: "Instances: the load balancer may come in" }, parent);
        const servicePort = { ipProtocol: "tcp", fromPort: hostPort, toPort: hostPort };
        const fromBalancer = new aws.vpc.SecurityGroupIngressRule(`${name}-from-alb`, {
            securityGroupId: access.id, referencedSecurityGroupId: loadBalancerSecurityGroupId, ...servicePort, description: "Requests",
        }, parent);
        const balancerOut = new aws.vpc.SecurityGroupEgressRule(`${name}-alb-out`, {
            securityGroupId: loadBalancerSecurityGroupId, referencedSecurityGroupId: access.id, ...servicePort, description: "Requests",
        }, parent);
        // Whom a service calls (databases, other services) is its own affair; AWS is called, too.
        const out = new aws.vpc.SecurityGroupEgressRule(`${name}-out`, {
            securityGroupId: access.id, cidrIpv4: "0.0.0.0/0", ipProtocol: "-1", description: "AWS and what the service calls",
        }, parent);
        return { access, rules: [fromBalancer, balancerOut, out] };
    }

    /** Puts the compose plugin where an instance finds it, so that booting needs nobody outside of AWS. */
    private storeCompose(name: string, { compose, releaseBucketName }: AutoscaledServiceArgs, uname: "x86_64" | "aarch64"): aws.s3.BucketObjectv2 {
        return new aws.s3.BucketObjectv2(`${name}-compose`, {
            bucket: releaseBucketName,
            key: `tools/docker-compose-${compose.version}-${uname}`,
            source: new pulumi.asset.RemoteAsset(compose.url[uname]),
        }, { parent: this });
    }

    private scaleByRequests(name: string, args: AutoscaledServiceArgs): void {
        new aws.autoscaling.Policy(`${name}-scaling`, {
            autoscalingGroupName: this.autoScalingGroup.name,
            policyType: "TargetTrackingScaling",
            targetTrackingConfiguration: {
                predefinedMetricSpecification: {
                    predefinedMetricType: "ALBRequestCountPerTarget",
                    resourceLabel: pulumi.interpolate`${args.loadBalancerDimension}/${args.targetGroupDimension}`,
                },
                targetValue: args.requestsPerTarget ?? 1000,
            },
        }, { parent: this });
    }
}

function scriptRules(bootScript: string): (string | false)[] {
    const bytes = Buffer.byteLength(bootScript);
    return [
        bytes > maximumScriptBytes && `bootScript must have at most ${maximumScriptBytes} bytes, got ${bytes}`,
        !bootScript.startsWith("#!/bin/bash") && "bootScript must begin with #!/bin/bash, since it runs as that",
    ];
}

function templateArgs({ rootVolumeGiB = 20, containersUseInstanceRole = false, launchTags = {} }: AutoscaledServiceArgs): aws.ec2.LaunchTemplateArgs {
    return {
        updateDefaultVersion: true,
        blockDeviceMappings: [{
            deviceName: "/dev/xvda",
            ebs: { volumeType: "gp3", volumeSize: rootVolumeGiB, encrypted: "true", deleteOnTermination: "true" },
        }],
        metadataOptions: {
            httpEndpoint: "enabled",
            httpTokens: "required",
            // What Gapless itself needs the role for (Docker, registry login, agent) runs on the host.
            httpPutResponseHopLimit: containersUseInstanceRole ? 2 : 1,
        },
        // EC2 refuses a specification without tags.
        ...(Object.keys(launchTags).length > 0 && { tagSpecifications: [{ resourceType: "volume", tags: { ...launchTags } }] }),
    };
}

function bootUserData(
    args: AutoscaledServiceArgs,
    made: { readonly region: pulumi.Output<string>; readonly composeKey: pulumi.Output<string>; readonly logGroup: pulumi.Output<string> },
    uname: "x86_64" | "aarch64",
): pulumi.Output<string> {
    const { releaseBucketName, registry, compose, codeDeployAgentVersion, swapGiB = 1, bootScript } = args;
    const { region, composeKey, logGroup } = made;
    return pulumi.all([region, composeKey, logGroup, releaseBucketName, registry]).apply(([region, composeKey, logGroup, bucket, registry]) => {
        const text = userData({
            GAPLESS_REGION: region,
            GAPLESS_ARTIFACT_BUCKET: bucket,
            GAPLESS_COMPOSE_KEY: composeKey,
            GAPLESS_COMPOSE_SHA256: compose.sha256[uname],
            GAPLESS_AGENT_VERSION: codeDeployAgentVersion,
            GAPLESS_REGISTRY: registry,
            GAPLESS_LOG_GROUP: logGroup,
            GAPLESS_SWAP_GIB: swapGiB,
            GAPLESS_LIFECYCLE_HOOK: launchHook,
        }, bootScript);
        return Buffer.from(text).toString("base64");
    });
}

function groupArgs(name: string, { subnetIds, targetGroupArn, launchTags = {} }: AutoscaledServiceArgs) {
    return {
        vpcZoneIdentifiers: subnetIds,
        targetGroupArns: [targetGroupArn],
        // Not ELB: that would end instances that have no release yet, and one that is just joining again during a deployment.
        healthCheckType: "EC2",
        healthCheckGracePeriod: healthCheckGraceSeconds,
        initialLifecycleHooks: [{
            name: launchHook,
            lifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING",
            heartbeatTimeout: bootTimeoutSeconds,
            defaultResult: "ABANDON",
        }],
        // InService then means booted, and who depends on the group finds instances that a release can go to.
        waitForCapacityTimeout: `${bootTimeoutSeconds + launchMarginSeconds}s`,
        instanceMaintenancePolicy: { minHealthyPercentage: 100, maxHealthyPercentage: 110 },
        // One period of the load balancer's metrics.
        defaultInstanceWarmup: 60,
        tags: Object.entries({ Name: name, ...launchTags }).map(([key, value]) => ({ key, value, propagateAtLaunch: true })),
    };
}
