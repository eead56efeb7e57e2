import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { defaults } from "../release/rollout";
import { makeAccessLogStore } from "./access-log-store";
import { after } from "./after";
import { pointName } from "./alias-record";
import { type Certificates, requestCertificates } from "./certificate";
import { forwardTo, makeColourRules, type Targets, actionOptions } from "./colour-listener";
import type { Entrance } from "./entrance";
import type { ExistingListener, HttpListener, ListenerChoice } from "./listener-choice";
import type { LoadBalancedTierArgs } from "./load-balanced-tier";
import { makeWebAcl } from "./web-acl";

/**
 * TLS 1.3 and 1.2 with forward secrecy, and keys that a later quantum computer cannot recover, for clients that know how. What AWS
 * recommends, and the console's default.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
 */
const tlsPolicy = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09";
/** AWS's list of the addresses that CloudFront asks origins from. It counts as 55 of the 60 rules that a security group may have. */
const cloudFrontPrefixList = "com.amazonaws.global.cloudfront.origin-facing";

type OwnListener = Exclude<ListenerChoice, ExistingListener>;

type OwnLoadBalancerArgs = Omit<LoadBalancedTierArgs, "listener"> & { readonly listener: OwnListener };

interface Parts {
    readonly parent: pulumi.Resource;
    readonly access: aws.ec2.SecurityGroup;
    readonly loadBalancer: aws.lb.LoadBalancer;
    readonly targets: Targets;
    /** What must be there before anybody is let in. */
    readonly guards: readonly pulumi.Resource[];
}

/** A public load balancer of our own. What `opts.dependsOn` names comes before it. */
export function makeLoadBalancer(
    name: string, args: OwnLoadBalancerArgs, targets: Targets, parent: pulumi.Resource, opts: pulumi.ResourceOptions | undefined,
): Entrance {
    const { vpcId, subnetIds, listener, idleTimeoutSeconds = defaults.idleTimeoutSeconds, deletionProtection = false } = args;
    const access = new aws.ec2.SecurityGroup(`${name}-access`, { vpcId, description: "Load balancer: who may come in" }, { parent });
    const logs = args.accessLogs && makeAccessLogStore(`${name}-access-logs`, {
        ...args.accessLogs, loadBalancerName: `${name}-alb`, forceDestroy: !deletionProtection,
    }, parent);
    const loadBalancer = new aws.lb.LoadBalancer(`${name}-alb`, {
        loadBalancerType: "application",
        internal: false,
        subnets: subnetIds,
        securityGroups: [access.id],
        idleTimeout: idleTimeoutSeconds,
        dropInvalidHeaderFields: true,
        enableDeletionProtection: deletionProtection,
        // Said, not left out: of an argument that is gone the provider concludes no change, and logs would go on.
        accessLogs: logs ? { bucket: logs.bucketName, enabled: true } : { bucket: "", enabled: false },
    }, { parent, dependsOn: after(opts, ...(logs ? [logs.policy] : [])) });
    const guards = args.webAcl === true ? [guard(name, args, loadBalancer, parent)] : [];

    const parts = { parent, access, loadBalancer, targets, guards };
    const { forwarding, cloudFrontCertificateArn } = listen(name, listener, args.onlyFromCloudFront ?? false, parts);
    return {
        url: pulumi.interpolate`${listener.protocol}://${listener.domainName ?? loadBalancer.dnsName}`,
        loadBalancerArn: loadBalancer.arn,
        dnsName: loadBalancer.dnsName,
        dimension: loadBalancer.arnSuffix,
        securityGroupId: access.id,
        loadBalancer,
        cloudFrontCertificateArn,
        ...makeColourRules(name, targets, { listenerArn: forwarding.arn }, { listenerArn: forwarding.arn, firstPriority: 1, conditions: [] }, parent),
    };
}

function guard(name: string, args: OwnLoadBalancerArgs, loadBalancer: aws.lb.LoadBalancer, parent: pulumi.Resource): pulumi.Resource {
    const acl = makeWebAcl(`${name}-acl`, "REGIONAL", args, parent);
    return new aws.wafv2.WebAclAssociation(`${name}-acl-association`, { resourceArn: loadBalancer.arn, webAclArn: acl.arn }, { parent });
}

interface Listening {
    /** The one listener that forwards requests. */
    readonly forwarding: aws.lb.Listener;
    /** Undefined when none was requested. */
    readonly cloudFrontCertificateArn: pulumi.Output<string> | undefined;
}

/** Opens exactly the ports that are listened on. */
function listen(name: string, listener: OwnListener, onlyFromCloudFront: boolean, parts: Parts): Listening {
    const open = (role: string, port: number, how: ListenerOn, opts: pulumi.CustomResourceOptions, ...earlier: readonly pulumi.Resource[]) => {
        const way = admit(name, role, port, onlyFromCloudFront, parts);
        return new aws.lb.Listener(`${name}-${role}`, { loadBalancerArn: parts.loadBalancer.arn, port, ...how }, {
            ...opts, parent: parts.parent, dependsOn: [way, ...parts.guards, ...earlier],
        });
    };
    const forward = { defaultActions: [forwardTo(parts.targets)] };
    const opts = actionOptions(parts.targets, "defaultActions");
    if (listener.protocol === "http") {
        return { forwarding: open("http", 80, { protocol: "HTTP", ...forward }, opts), cloudFrontCertificateArn: undefined };
    }
    const { arn: certificateArn, cloudFrontArn } = certificatesOf(name, listener, onlyFromCloudFront, parts.parent);
    const https = open("https", 443, { protocol: "HTTPS", sslPolicy: tlsPolicy, certificateArn, ...forward }, opts);
    // CloudFront redirects by itself, and its list is too heavy for a second port. The service's name then leads to CloudFront.
    if (onlyFromCloudFront) return { forwarding: https, cloudFrontCertificateArn: cloudFrontArn };

    // After it also on a service that has answered on port 80 so far: nobody is sent to where nobody answers.
    const redirect = { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" };
    open("http", 80, { protocol: "HTTP", defaultActions: [{ type: "redirect", redirect }] }, {}, https);
    if ("zoneId" in listener) {
        const { zoneId, domainName } = listener;
        pointName(`${name}-alias`, { zoneId, domainName, type: "A", target: parts.loadBalancer }, { parent: parts.parent, dependsOn: https });
    }
    return { forwarding: https, cloudFrontCertificateArn: undefined };
}

function certificatesOf(name: string, listener: Exclude<OwnListener, HttpListener>, forCloudFront: boolean, parent: pulumi.Resource): Certificates {
    return "zoneId" in listener
        ? requestCertificates(name, { ...listener, forCloudFront }, parent)
        : { arn: pulumi.output(listener.certificateArn), cloudFrontArn: undefined };
}

type ListenerOn = Omit<aws.lb.ListenerArgs, "loadBalancerArn" | "port">;

function admit(name: string, role: string, port: number, onlyFromCloudFront: boolean, { access, parent }: Parts): pulumi.Resource {
    const from = onlyFromCloudFront
        ? { prefixListId: aws.ec2.getManagedPrefixListOutput({ name: cloudFrontPrefixList }, { parent }).id, description: `CloudFront, ${role}` }
        : { cidrIpv4: "0.0.0.0/0", description: `Anyone, ${role}` };
    return new aws.vpc.SecurityGroupIngressRule(`${name}-${role}-in`, {
        securityGroupId: access.id, ...from, ipProtocol: "tcp", fromPort: port, toPort: port,
    }, { parent });
}
