import { parseImage } from "../components/image-reference";
import type { Finding } from "../release/lint";

/** The settings that decide what hosts reach, and by which way. */
export interface ReachSettings {
    readonly region: string;
    readonly natGateways: "none" | "single" | "onePerAz";
    readonly interfaceEndpoints: boolean;
    /** An existing network, to be used instead of an own one. */
    readonly vpcId?: string | undefined;
    readonly registry: "ecr" | "dockerHub";
    readonly imageDigest?: string | undefined;
}

/** By which way a host without internet reaches something: the gateway of S3, an interface endpoint of that name, or none. */
export type Way = "s3" | { readonly endpoint: string } | "internet";

/** One thing that a host reaches outside of its network. */
export interface Reached {
    readonly when: "boot" | "deployment" | "service";
    /** Who asks: a program, or a command as the boot script and the hook scripts call it. */
    readonly by: string;
    readonly what: string;
    readonly way: Way;
    /** For which settings. @default all */
    readonly only?: (settings: ReachSettings) => boolean;
}

const pullsFromDockerHub = ({ registry }: ReachSettings) => registry === "dockerHub";
const pullsFromEcr = (settings: ReachSettings) => !pullsFromDockerHub(settings);

/**
 * All that hosts reach. Not in it is what the hypervisor answers on link-local addresses, in any network: metadata, time and DNS. The
 * machine image that `resolve:ssm` names is looked up by EC2, not by the host.
 */
export const reached: readonly Reached[] = [
    // Amazon Linux keeps its repositories in S3: https://docs.aws.amazon.com/linux/al2023/ug/managing-repos-os-updates.html
    { when: "boot", by: "dnf", what: "packages of Amazon Linux", way: "s3" },
    { when: "boot", by: "aws s3api", what: "the compose plugin", way: "s3" },
    { when: "boot", by: "curl https://aws-codedeploy-", what: "the CodeDeploy agent's package", way: "s3" },
    { when: "boot", by: "aws autoscaling", what: "the launch hook to report to", way: { endpoint: "autoscaling" } },
    { when: "deployment", by: "CodeDeploy agent", what: "deployments to carry out", way: { endpoint: "codedeploy-commands-secure" } },
    // AWS asks for both endpoints where EC2 is deployed to, though the agent's code calls the other one alone:
    // https://docs.aws.amazon.com/codedeploy/latest/userguide/vpc-endpoints.html
    { when: "deployment", by: "CodeDeploy agent", what: "CodeDeploy's API", way: { endpoint: "codedeploy" } },
    { when: "deployment", by: "CodeDeploy agent", what: "releases", way: "s3" },
    { when: "deployment", by: "aws s3api", what: "the release to pull the image of ahead", way: "s3" },
    // Manifests come from the registry, layers from S3: https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
    { when: "deployment", by: "ECR credential helper", what: "a login to ECR", way: { endpoint: "ecr.api" }, only: pullsFromEcr },
    { when: "deployment", by: "docker pull", what: "image manifests in ECR", way: { endpoint: "ecr.dkr" }, only: pullsFromEcr },
    { when: "deployment", by: "docker pull", what: "image layers in ECR", way: "s3", only: pullsFromEcr },
    { when: "deployment", by: "aws secretsmanager", what: "a login to Docker Hub", way: { endpoint: "secretsmanager" }, only: pullsFromDockerHub },
    { when: "deployment", by: "docker pull", what: "images in Docker Hub", way: "internet", only: pullsFromDockerHub },
    { when: "service", by: "awslogs", what: "the service's log", way: { endpoint: "logs" } },
    { when: "service", by: "amazon-cloudwatch-agent", what: "metrics of the disk", way: { endpoint: "monitoring" } },
    // The third endpoint of older guides, ec2messages, has no use since SSM Agent 3.3.40, of February 2024:
    // https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-create-vpc.html
    { when: "service", by: "amazon-ssm-agent", what: "Systems Manager", way: { endpoint: "ssm" } },
    { when: "service", by: "amazon-ssm-agent", what: "shells of Session Manager", way: { endpoint: "ssmmessages" } },
];

/** What hosts reach under these settings. */
export function reachedWith(settings: ReachSettings): readonly Reached[] {
    return reached.filter(({ only = () => true }) => only(settings));
}

/** The interface endpoints that hosts need when they reach AWS through endpoints, such as `ecr.api`, sorted. */
export function neededEndpoints(settings: ReachSettings): readonly string[] {
    const endpoints = reachedWith(settings).flatMap(({ way }) => (typeof way === "object" ? [way.endpoint] : []));
    return [...new Set(endpoints)].sort();
}

/** An AWS service as its endpoint in a region is called. */
export function serviceName(region: string, endpoint: string): string {
    return `com.amazonaws.${region}.${endpoint}`;
}

/** What these settings make hosts reach and endpoints do not lead to. */
export function unreachable(settings: ReachSettings): readonly Finding[] {
    const { interfaceEndpoints, natGateways, vpcId } = settings;
    if (!interfaceEndpoints || (vpcId === undefined && natGateways !== "none")) return [];
    return [...dockerHub(settings), ...foreignImage(settings)].map(unreached => findingOf(unreached, vpcId === undefined));
}

/** What is not reached, how it would be, and what has to be instead. */
interface Unreachable extends Pick<Finding, "key" | "received"> {
    readonly be: string;
    readonly because: string;
    readonly instead: string;
}

/** An existing network may have a further way out; nobody here can know, and its ways are its owner's. */
function findingOf({ key, received, be, because, instead }: Unreachable, ownNetwork: boolean): Finding {
    const [must, settings] = ownNetwork ? ["must", "interfaceEndpoints without natGateways"] : ["should", "interfaceEndpoints"];
    return {
        severity: ownNetwork ? "error" : "warning",
        key,
        rule: `${must} ${be} where hosts reach AWS alone (${settings}): no endpoint leads ${because}`,
        received,
        fix: `${instead}, ${ownNetwork ? "or set natGateways to single or onePerAz" : "unless hosts have a further way out of that network"}`,
    };
}

function dockerHub(settings: ReachSettings): readonly Unreachable[] {
    const outside = reachedWith(settings).filter(({ way }) => way === "internet");
    return outside.map(({ what }) => ({
        key: "registry",
        received: settings.registry,
        be: "not be dockerHub",
        because: `to ${what}`,
        instead: "set registry to ecr",
    }));
}

function foreignImage({ imageDigest, region }: ReachSettings): readonly Unreachable[] {
    if (imageDigest === undefined || parseImage(imageDigest)?.ecr?.region === region) return [];
    return [{
        key: "imageDigest",
        received: imageDigest,
        be: `lie in Amazon ECR of ${region}`,
        because: "elsewhere",
        instead: `copy the image to a private ECR repository in ${region}`,
    }];
}
