import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { forwardTo, makeColourRules, type Targets, actionOptions } from "./colour-listener";
import type { Entrance } from "./entrance";
import { type ExistingListener, headerRuleCount, isDomainName } from "./listener-choice";

/** Adds a rule to somebody else's listener, and with colours those of the header before it; the load balancer stays as it is. */
export function joinListener(
    name: string, { listenerArn, priority, hosts = [], paths = [] }: ExistingListener["existing"], targets: Targets, parent: pulumi.Resource,
): Entrance {
    const opts = { parent };
    const listener = aws.lb.getListenerOutput({ arn: listenerArn }, opts);
    const loadBalancer = aws.lb.getLoadBalancerOutput({ arn: listener.loadBalancerArn }, opts);
    const conditions = [
        ...(hosts.length > 0 ? [{ hostHeader: { values: [...hosts] } }] : []),
        ...(paths.length > 0 ? [{ pathPattern: { values: [...paths] } }] : []),
    ];
    const rule = new aws.lb.ListenerRule(`${name}-rule`, { listenerArn, priority, actions: [forwardTo(targets)], conditions }, {
        ...opts, ...actionOptions(targets, "actions"),
    });
    return {
        url: pulumi.all([listener.protocol, listener.port, loadBalancer.dnsName]).apply(([protocol, port, dnsName]) =>
            addressBehind({ protocol, port, dnsName }, hosts, paths)),
        loadBalancerArn: loadBalancer.arn,
        dnsName: loadBalancer.dnsName,
        dimension: loadBalancer.arnSuffix,
        securityGroupId: loadBalancer.securityGroups.apply(ids => anyOf(ids)),
        loadBalancer: undefined,
        cloudFrontCertificateArn: undefined,
        ...makeColourRules(name, targets, { ruleArn: rule.arn }, { listenerArn, firstPriority: priority - headerRuleCount, conditions }, parent),
    };
}

export interface ListenerAddress {
    readonly protocol: string;
    readonly port: number;
    readonly dnsName: string;
}

/** An address that the rule's conditions let through: its first host without a wildcard, and the first path up to one. */
export function addressBehind({ protocol, port, dnsName }: ListenerAddress, hosts: readonly string[], paths: readonly string[]): string {
    const scheme = protocol.toLowerCase();
    const host = hosts.find(host => isDomainName(host)) ?? dnsName;
    const usual = port === (scheme === "https" ? 443 : 80);
    const path = (paths[0] ?? "").replace(/[*?].*$/, "").replace(/\/$/, "");
    return `${scheme}://${host}${usual ? "" : `:${port}`}${path}`;
}

/**
 * A load balancer is in all of its groups at once, so instances that admit one of them admit it, and a way out that one of them
 * gets is its own. AWS returns a set: the first in order, so that it stays the same.
 */
function anyOf(securityGroupIds: readonly string[]): string {
    const [first] = [...securityGroupIds].sort();
    if (first === undefined) throw new Error("The load balancer of the listener has no security group");
    return first;
}
