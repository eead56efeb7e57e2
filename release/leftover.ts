/** A resource that is still there, or still listed, after its stack was destroyed. */
export interface Leftover {
    readonly arn: string;
    /** As in `EC2 instance`. */
    readonly kind: string;
    /** Why it may be there, and what to do. */
    readonly advice: string;
    /** Whether AWS lists it for a while though it is gone. */
    readonly passing: boolean;
}

interface Kind {
    /** Service and what follows the account in the ARN, as in `ec2:instance/`. */
    readonly begins: string;
    readonly kind: string;
    readonly passing?: true;
    readonly advice: (name: string) => string;
}

const kinds: readonly Kind[] = [
    { begins: "ec2:instance/", kind: "EC2 instance", passing: true, advice: () => "a terminated one is listed for up to an hour" },
    { begins: "ec2:volume/", kind: "EBS volume", passing: true, advice: () => "goes with its instance, minutes later" },
    { begins: "ec2:network-interface/", kind: "network interface", passing: true, advice: () => "goes with its instance or load balancer, minutes later" },
    { begins: "ec2:natgateway/", kind: "NAT gateway", passing: true, advice: () => "a deleted one is listed for up to an hour" },
    { begins: "elasticloadbalancing:", kind: "load balancer or target group", passing: true, advice: () => "a deleted one is listed for minutes" },
    { begins: "s3:", kind: "bucket", advice: name => `holds what nobody said may go. Look at it, empty it with all versions in the console, then: aws s3 rb s3://${name}` },
    { begins: "logs:log-group:", kind: "log group", advice: name => `written again by whatever ended last. aws logs delete-log-group --log-group-name ${name}` },
    { begins: "ecr:repository/", kind: "image repository", advice: name => `aws ecr delete-repository --force --repository-name ${name}` },
    { begins: "cloudfront:distribution/", kind: "CloudFront distribution", advice: name => `takes minutes to switch off before it can be deleted. Look at ${name} in the console` },
    { begins: "acm:certificate/", kind: "certificate", advice: () => "costs nothing; it may still be in use by a load balancer that goes" },
    { begins: "secretsmanager:secret:", kind: "secret", advice: () => "is deleted at the end of its recovery time" },
    { begins: "kms:key/", kind: "key", advice: () => "is deleted at the end of its waiting time" },
    { begins: "ec2:elastic-ip/", kind: "Elastic IP address", advice: name => `costs money. aws ec2 release-address --allocation-id ${name}` },
    { begins: "ec2:", kind: "part of the network", advice: () => "is held by something that is still there. Delete it in the console of VPC when that is gone" },
];

export function leftover(arn: string): Leftover {
    const [, , service = "", , , ...rest] = arn.split(":");
    const resource = `${service}:${rest.join(":")}`;
    const found = kinds.find(({ begins }) => resource.startsWith(begins));
    if (!found) return { arn, kind: service, advice: "look at it in the console, and delete it by hand", passing: false };
    const { kind, passing = false, advice, begins } = found;
    return { arn, kind, passing, advice: advice(resource.slice(begins.length).replace(/:\*$/, "")) };
}
