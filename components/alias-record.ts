import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

export interface AliasArgs {
    readonly zoneId: pulumi.Input<string>;
    readonly domainName: string;
    /** A for IPv4, AAAA for IPv6. */
    readonly type: "A" | "AAAA";
    readonly target: { readonly dnsName: pulumi.Input<string>; readonly zoneId: pulumi.Input<string> };
}

/** Leads a name to a load balancer or a distribution, at the top of a zone, too, where no CNAME may be. */
export function pointName(name: string, { zoneId, domainName, type, target }: AliasArgs, opts: pulumi.CustomResourceOptions): aws.route53.Record {
    return new aws.route53.Record(name, {
        zoneId,
        name: domainName,
        type,
        // No health to evaluate: with one answer to the name, Route 53 gives it in any case.
        aliases: [{ name: target.dnsName, zoneId: target.zoneId, evaluateTargetHealth: false }],
    // No `allowOverwrite`: the provider deletes a record by its name, so whose record we took over would delete ours.
    }, opts);
}
