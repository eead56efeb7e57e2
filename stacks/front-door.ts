import * as pulumi from "@pulumi/pulumi";
import { type ColoursArgs, ContentDelivery, LoadBalancedTier, type ListenerChoice } from "../components";
import { given } from "./given";
import type { Facts } from "./lookups";
import type { Network } from "./network";
import { required } from "./required";
import type { Settings } from "./settings";

/** Where clients come in. */
export interface FrontDoor {
    readonly tier: LoadBalancedTier;
    /** CloudFront, when the stage has it. */
    readonly delivery: ContentDelivery | undefined;
    /** Address of the service. */
    readonly url: pulumi.Output<string>;
    /** What a DNS record of the service's name must lead to. */
    readonly dnsTarget: pulumi.Output<string>;
}

export function openFrontDoor(settings: Settings, facts: Facts, network: Network, opts: pulumi.ComponentResourceOptions): FrontDoor {
    const { cloudFront, waf, accessLogs, logRetentionDays } = settings;
    const tier = new LoadBalancedTier("web", {
        vpcId: network.vpcId,
        subnetIds: network.publicSubnetIds,
        healthPath: settings.healthPath,
        listener: listenerOf(settings, facts),
        drainSeconds: settings.drainSeconds,
        healthIntervalSeconds: settings.healthIntervalSeconds,
        healthTimeoutSeconds: settings.healthTimeoutSeconds,
        idleTimeoutSeconds: settings.idleTimeoutSeconds,
        deletionProtection: settings.deletionProtection,
        ...(accessLogs && { accessLogs: { retentionDays: logRetentionDays } }),
        // Where the clients are: behind CloudFront the load balancer knows only CloudFront's addresses.
        webAcl: waf && !cloudFront,
        onlyFromCloudFront: cloudFront,
        ...given("colours", coloursOf(settings, facts)),
    }, { ...opts, dependsOn: [...network.ready] });
    const delivery = cloudFront ? deliver(settings, facts, tier, opts) : undefined;
    return { tier, delivery, url: delivery?.url ?? tier.url, dnsTarget: delivery?.domainName ?? tier.loadBalancerDnsName };
}

function coloursOf({ strategy, colourSecret }: Settings, { activeColour }: Facts): ColoursArgs | undefined {
    if (strategy !== "blueGreen") return undefined;
    return { headerSecret: pulumi.secret(required("colourSecret", colourSecret)), serving: activeColour ?? "blue" };
}

function listenerOf(settings: Settings, { zoneId }: Facts): ListenerChoice {
    const { listenerArn, listenerPriority, listenerHosts: hosts, listenerPaths: paths, certificateArn, domainName } = settings;
    if (listenerArn !== undefined) {
        return { existing: { listenerArn, priority: required("listenerPriority", listenerPriority), hosts, paths } };
    }
    if (zoneId !== undefined) return { protocol: "https", zoneId, domainName: required("domainName", domainName) };
    if (certificateArn !== undefined) return { protocol: "https", certificateArn, ...given("domainName", domainName) };
    return { protocol: "http", ...given("domainName", domainName) };
}

function deliver(settings: Settings, { zoneId }: Facts, tier: LoadBalancedTier, opts: pulumi.ComponentResourceOptions): ContentDelivery {
    const { domainName, certificateArn, idleTimeoutSeconds, waf } = settings;
    const ownName = settings.cloudFrontCertificateArn ?? tier.cloudFrontCertificateArn;
    return new ContentDelivery("web-cdn", {
        originDomainName: tier.loadBalancerDnsName,
        originProtocol: zoneId !== undefined || certificateArn !== undefined ? "https" : "http",
        originIdleTimeoutSeconds: idleTimeoutSeconds,
        ...(ownName !== undefined && { certificateArn: ownName, aliases: [required("domainName", domainName)] }),
        ...given("zoneId", zoneId),
        webAcl: waf,
        colours: settings.strategy === "blueGreen",
    }, { ...opts, dependsOn: tier });
}
