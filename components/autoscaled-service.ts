import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** Docker compose plugin, pinned: Amazon Linux 2023 has no package of it. */
export interface ComposeBinary {
    readonly version: string;
    /** Download address, with `{arch}` where the architecture (x86_64, aarch64) goes. */
    readonly url: string;
    readonly sha256: Readonly<Record<"x86_64" | "aarch64", string>>;
}

export interface AutoscaledServiceArgs {
    /** Network of the instances. */
    readonly vpcId: pulumi.Input<string>;
    /** Subnets of the instances, in at least two availability zones. */
    readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
    /** Port on which an instance answers. */
    readonly containerPort: number;
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
    readonly autoScalingGroupName!: pulumi.Output<string>;
    readonly autoScalingGroupArn!: pulumi.Output<string>;
    /** Log group of the instances. */
    readonly logGroupName!: pulumi.Output<string>;
    /** Security group of the instances, to open databases to. */
    readonly securityGroupId!: pulumi.Output<string>;
    /** Role of the instances, to grant the service more. */
    readonly instanceRoleName!: pulumi.Output<string>;
    readonly autoScalingGroup!: aws.autoscaling.Group;

    /** Resources of `opts.dependsOn` (the network with its routes, the load balancer's listeners) come before the instances. */
    constructor(name: string, args: AutoscaledServiceArgs, opts?: pulumi.ComponentResourceOptions) {
        super("gapless:index:AutoscaledService", name, args, opts);
    }
}
