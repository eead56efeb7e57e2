import { accountId } from "./stand-ins";

/** What stands for an encrypted value of a setting, which must pass for one: by the setting's name, in a region, at a place in a list. */
type StandIn = (region: string, place: number) => string;

const arn = (service: string, resource: string): StandIn => region => `arn:aws:${service}:${region}:${accountId}:${resource}`;
const certificate = "certificate/00000000-0000-0000-0000-000000000000";
const subnetFrom = (first: number): StandIn => (_, place) => `subnet-${String(first + place).padStart(17, "0")}`;

const standIns: Readonly<Record<string, StandIn>> = {
    allowedAccountIds: () => accountId,
    amiId: () => "ami-00000000000000000",
    certificateArn: arn("acm", certificate),
    ciOidcProviderArn: () => `arn:aws:iam::${accountId}:oidc-provider/stand-in.example.com`,
    ciPrincipalArn: () => `arn:aws:iam::${accountId}:role/stand-in`,
    ciStateBucketArn: () => "arn:aws:s3:::stand-in",
    ciStateKeyArn: arn("kms", "key/00000000-0000-0000-0000-000000000000"),
    cloudFrontCertificateArn: () => `arn:aws:acm:us-east-1:${accountId}:${certificate}`,
    colourSecret: () => "standInStandInStandIn",
    connectionArn: arn("codeconnections", "connection/00000000-0000-0000-0000-000000000000"),
    dockerHubRepository: () => "standin/stand-in",
    dockerHubSecretArn: arn("secretsmanager", "secret:stand-in-000000"),
    domainName: () => "stand-in.example.com",
    githubRepository: () => "stand-in/stand-in",
    hostSubnetIds: subnetFrom(100),
    // In the region's ECR, which hosts reach in whatever network.
    imageDigest: region => `${accountId}.dkr.ecr.${region}.amazonaws.com/stand-in@sha256:${"0".repeat(64)}`,
    listenerArn: arn("elasticloadbalancing", "listener/app/stand-in/0000000000000000/0000000000000000"),
    notificationEmail: () => "stand-in@example.com",
    publicSubnetIds: subnetFrom(0),
    vpcId: () => "vpc-00000000000000000",
    zoneName: () => "example.com",
};

const lists = ["allowedAccountIds", "hostSubnetIds", "publicSubnetIds"];

/** A value of the kind of an encrypted one. */
export function standInFor(key: string, region: string, place = 0): string {
    return standIns[nameIn(key)]?.(region, place) ?? "stand-in";
}

/** The same for a value that is encrypted as a whole. */
export function wholeStandInFor(key: string, region: string): string | readonly string[] {
    if (!lists.includes(nameIn(key))) return standInFor(key, region);
    // Two, for a load balancer needs as many subnets; and each once.
    return [...new Set([0, 1].map(place => standInFor(key, region, place)))];
}

function nameIn(key: string): string {
    return key.replace(/^.*:/, "");
}
