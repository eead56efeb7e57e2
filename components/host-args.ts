import type * as pulumi from "@pulumi/pulumi";
import { type Architecture, architectureOf } from "../release/architecture";
import { maximumScriptBytes } from "./user-data";

/** Docker compose plugin, pinned: Amazon Linux 2023 has no package of it. */
export interface ComposeBinary {
    readonly version: string;
    /** Download address for each architecture. */
    readonly url: Readonly<Record<Architecture["uname"], string>>;
    readonly sha256: Readonly<Record<Architecture["uname"], string>>;
}

/** What an instance is, whoever launches it: an Auto Scaling group or a fleet of fixed size. */
export interface HostArgs {
    /** Network of the instances. */
    readonly vpcId: pulumi.Input<string>;
    /** Target group in which instances register. */
    readonly targetGroupArn: pulumi.Input<string>;
    /** Security group of the load balancer, the only one that reaches the instances. */
    readonly loadBalancerSecurityGroupId: pulumi.Input<string>;
    /** Bucket with releases and boot tools. */
    readonly releaseBucketName: pulumi.Input<string>;
    /** ARN of that bucket. */
    readonly releaseBucketArn: pulumi.Input<string>;
    /** Private repositories the instances may pull from. */
    readonly repositoryArns: pulumi.Input<pulumi.Input<string>[]>;
    /** ECR registry the instances log in to by the credential helper. */
    readonly registry: pulumi.Input<string>;
    /** Text of the boot script, which gets what it needs from exported variables. */
    readonly bootScript: string;
    /** Docker compose plugin that the instances install. */
    readonly compose: ComposeBinary;
    /** Version of the CodeDeploy agent that the instances install. */
    readonly codeDeployAgentVersion: string;
    /** Instance type; tells the architecture, too. @default t3.small */
    readonly instanceType?: string;
    /** AMI of the instances. @default the newest Amazon Linux 2023 */
    readonly amiId?: string;
    /** Size of the encrypted root volume. @default 20 */
    readonly rootVolumeGiB?: number;
    /** Size of the swap file. @default 1 */
    readonly swapGiB?: number;
    /**
     * Whether containers, too, may use the instance's role. They are one network hop further from the metadata service than the
     * host, so the hop limit decides. @default false: only the host
     */
    readonly containersUseInstanceRole?: boolean;
    /** Days that logs are kept. @default 30 */
    readonly logRetentionDays?: number;
    /** Whether Pulumi refuses to delete or replace what runs the instances. @default false */
    readonly deletionProtection?: boolean;
    /** Tags of what is launched (instances, volumes), which a provider's default tags do not reach. @default none */
    readonly launchTags?: Readonly<Record<string, string>>;
    /**
     * Whole ARN of a secret of Secrets Manager, JSON `{"username","password"}`, under AWS's own key: the account with which
     * instances pull from Docker Hub. It is read at each pull and never stored. @default none: anonymous pulls
     */
    readonly dockerHubSecretArn?: pulumi.Input<string>;
    /**
     * Whether instances reach AWS only through the network's endpoints. The CodeDeploy agent then takes the endpoint that asks IAM.
     * https://docs.aws.amazon.com/codedeploy/latest/userguide/vpc-endpoints.html
     * @default false
     */
    readonly throughEndpoints?: boolean;
}

export const defaultInstanceType = "t3.small";

/** What is wrong with the arguments of a host. */
export function hostRules({ instanceType = defaultInstanceType, bootScript }: HostArgs): readonly (string | false)[] {
    const bytes = Buffer.byteLength(bootScript);
    return [
        architectureOf(instanceType) === undefined && `instanceType must be one of EC2's such as t3.small or t4g.small, got '${instanceType}'`,
        bytes > maximumScriptBytes && `bootScript must have at most ${maximumScriptBytes} bytes, got ${bytes}`,
        !bootScript.startsWith("#!/bin/bash") && "bootScript must begin with #!/bin/bash, since it runs as that",
    ];
}

/** Name that tells this stack's fleet from all others of the account, also from one of the same logical name. */
export function fleetNameOf(name: string, launchTags: Readonly<Record<string, string>> = {}): string {
    return [...Object.values(launchTags), name].join("-");
}
