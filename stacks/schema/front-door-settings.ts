import { abouts, arn, flag, hostName, listOf, whole } from "./kinds";

export const frontDoorSettings = {
    certificateArn: arn("acm", String.raw`certificate\/[\w-]+`, "an ACM certificate").optional().register(abouts, {
        text: "Certificate of the load balancer: HTTPS on 443, and 80 redirects there. Without it and without `zoneName` the service is HTTP only.",
        example: "arn:aws:acm:eu-central-1:111122223333:certificate/12345678-1234-1234-1234-123456789012",
    }),
    domainName: hostName().optional().register(abouts, {
        text: "Name that clients use and the certificate is for. Unless it lies in `zoneName`, its DNS record must lead to the output `dnsTarget`. "
            + "Without it the service goes by the load balancer's own name.",
        example: "shop.example.com",
    }),
    zoneName: hostName().optional().register(abouts, {
        text: "Public Route 53 zone of this account that holds `domainName`: a certificate is requested and validated in it, and the name leads to the service. Instead of `certificateArn`.",
        example: "example.com",
    }),
    httpOnly: flag().default(false).register(abouts, {
        text: "Says that HTTP without encryption is meant. prod needs it said.",
    }),
    listenerArn: arn("elasticloadbalancing", String.raw`listener\/app\/[\w-]+\/[0-9a-f]+\/[0-9a-f]+`, "a listener of an Application Load Balancer").optional().register(abouts, {
        text: "A listener that exists already, which gets a rule for this service instead of a load balancer of its own. Needs `vpcId`, that of its load balancer.",
        example: "arn:aws:elasticloadbalancing:eu-central-1:111122223333:listener/app/shared/0123456789abcdef/0123456789abcdef",
    }),
    listenerPriority: whole(1, 50000).optional().register(abouts, {
        text: "Place of the rule among the listener's rules, the lowest first; each may be taken once.",
        example: 100,
    }),
    listenerHosts: listOf(isHostPattern, "host names with or without the wildcards * and ?", 5).default([]).register(abouts, {
        text: "Host names whose requests on that listener are for this service.",
        example: ["shop.example.com"],
    }),
    listenerPaths: listOf(isPathPattern, "paths with or without the wildcards * and ?, 128 characters each", 5).default([]).register(abouts, {
        text: "Paths whose requests on that listener are for this service. Hosts and paths together take five entries.",
        example: ["/shop", "/shop/*"],
    }),
    accessLogs: flag().default(false).register(abouts, {
        text: "Keeps a record of each request in a bucket, for as many days as logs are kept.",
    }),
    waf: flag().default(false).register(abouts, {
        text: "Puts AWS's managed firewall rules and a limit of requests per client before the load balancer, or before CloudFront.",
    }),
    cloudFront: flag().default(false).register(abouts, {
        text: "Puts CloudFront before the load balancer, which then answers nobody else. Its files are asked for anew after each deployment.",
    }),
    cloudFrontCertificateArn: arn("acm", String.raw`certificate\/[\w-]+`, "an ACM certificate").optional().register(abouts, {
        text: "CloudFront's certificate for `domainName`, in us-east-1 whatever the stack's region is. In `zoneName` one is requested. Without a `domainName` CloudFront goes by a name of its own.",
        example: "arn:aws:acm:us-east-1:111122223333:certificate/12345678-1234-1234-1234-123456789012",
    }),
};

// What a condition of a listener rule takes.
function isHostPattern(host: string): boolean {
    return /^[A-Za-z0-9*?.-]{1,128}$/.test(host) && host.includes(".");
}

function isPathPattern(path: string): boolean {
    return /^\/[\w.$/~"'@:+*?&-]{0,127}$/.test(path);
}
