import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { colourHeader } from "../release/blue-green/colour";
import { defaults } from "../release/rollout";
import { after } from "./after";
import { pointName } from "./alias-record";
import { cloudFrontRegion } from "./certificate";
import { check } from "./check";
import { isDomainName } from "./listener-choice";
import { makeWebAcl, rateRules } from "./web-acl";

/** Seconds that CloudFront keeps a quiet connection to the origin: below the load balancer's, or it would send a request into one that was just closed. */
const keepAliveSeconds = 5;
/** Seconds that CloudFront waits longer than the load balancer, whose 504 then comes first and is counted by the service's alarm. */
const readMarginSeconds = 5;
/** @see https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CustomOriginConfig.html */
const longestReadSeconds = 120;
/** Errors that CloudFront would keep for ten seconds. @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html */
const keptErrors = [400, 403, 404, 405, 414, 500, 501, 502, 503, 504];

export interface ContentDeliveryArgs {
    /** Load balancer that requests are passed on to. */
    readonly originDomainName: pulumi.Input<string>;
    /** What the load balancer listens by. With HTTPS clients must come by one of `aliases`, which its certificate is for. */
    readonly originProtocol: "http" | "https";
    /** Seconds that the load balancer keeps a quiet connection and waits for an answer. @default 60 */
    readonly originIdleTimeoutSeconds?: number;
    /** Names that clients use. @default CloudFront's own alone */
    readonly aliases?: readonly string[];
    /** Certificate of all `aliases`, in us-east-1. */
    readonly certificateArn?: pulumi.Input<string>;
    /** Route 53 zone in which `aliases` are led to CloudFront. @default none: that is done elsewhere */
    readonly zoneId?: pulumi.Input<string>;
    /** Whether a web ACL refuses known attacks and whoever asks too often. @default false */
    readonly webAcl?: boolean;
    /** Requests that the web ACL grants an address in five minutes. @default 2000 */
    readonly requestsPerAddress?: number;
    /** Whether the load balancer lets a request choose its colour by the header `X-Gapless-Colour`: such answers are kept apart. @default false */
    readonly colours?: boolean;
}

/**
 * CloudFront before a load balancer. It keeps exactly what the service's `Cache-Control` headers let it keep, apart for each
 * host, query, cookies and credentials; everything else reaches the service as it was asked.
 */
export class ContentDelivery extends pulumi.ComponentResource {
    readonly distributionId: pulumi.Output<string>;
    readonly distributionArn: pulumi.Output<string>;
    /** CloudFront's own name, which a DNS record of the service's name must lead to. */
    readonly domainName: pulumi.Output<string>;
    /** Address of the service. */
    readonly url: pulumi.Output<string>;
    readonly distribution: aws.cloudfront.Distribution;

    /** What `opts.dependsOn` names, such as the listeners of the load balancer, comes before the distribution. */
    constructor(name: string, args: ContentDeliveryArgs, opts?: pulumi.ComponentResourceOptions) {
        super("gapless:index:ContentDelivery", name, args, opts);
        const { aliases = [], webAcl = false, originIdleTimeoutSeconds = defaults.idleTimeoutSeconds } = args;
        check(this, `ContentDelivery '${name}'`, [...nameRules(args), ...originRules(originIdleTimeoutSeconds), ...rateRules(args)]);
        const acl = webAcl ? makeWebAcl(`${name}-acl`, "CLOUDFRONT", args, this) : undefined;
        const originId = "load-balancer";
        this.distribution = new aws.cloudfront.Distribution(`${name}-distribution`, {
            enabled: true,
            isIpv6Enabled: true,
            httpVersion: "http2and3",
            priceClass: "PriceClass_All",
            ...(aliases.length > 0 && { aliases: [...aliases] }),
            origins: [{ originId, domainName: args.originDomainName, customOriginConfig: originConfig(args.originProtocol, originIdleTimeoutSeconds) }],
            defaultCacheBehavior: {
                targetOriginId: originId,
                viewerProtocolPolicy: "redirect-to-https",
                allowedMethods: ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"],
                cachedMethods: ["GET", "HEAD"],
                compress: true,
                cachePolicyId: this.makeCachePolicy(name, args.colours ?? false).id,
                originRequestPolicyId: aws.cloudfront.getOriginRequestPolicyOutput({ name: "Managed-AllViewer" }, { parent: this }).apply(({ id }) => id),
            },
            // Kept, the 503 of one moment would go to every client for ten seconds, and the 404 of a page that a release brings.
            customErrorResponses: keptErrors.map(errorCode => ({ errorCode, errorCachingMinTtl: 0 })),
            restrictions: { geoRestriction: { restrictionType: "none" } },
            viewerCertificate: args.certificateArn === undefined
                ? { cloudfrontDefaultCertificate: true }
                : { acmCertificateArn: args.certificateArn, sslSupportMethod: "sni-only", minimumProtocolVersion: "TLSv1.2_2021" },
            ...(acl && { webAclId: acl.arn }),
        }, { parent: this, dependsOn: after(opts) });
        this.pointNames(name, aliases, args.zoneId);

        this.distributionId = this.distribution.id;
        this.distributionArn = this.distribution.arn;
        this.domainName = this.distribution.domainName;
        this.url = pulumi.interpolate`https://${aliases[0] ?? this.domainName}`;
        this.registerOutputs({
            distributionId: this.distributionId,
            distributionArn: this.distributionArn,
            domainName: this.domainName,
            url: this.url,
            distribution: this.distribution,
        });
    }

    /**
     * As AWS's UseOriginCacheControlHeaders-QueryStrings, and `Authorization` besides: without it in the key, an answer that says
     * only `max-age` would go to clients with other credentials.
     */
    private makeCachePolicy(name: string, colours: boolean): aws.cloudfront.CachePolicy {
        return new aws.cloudfront.CachePolicy(`${name}-cache`, {
            comment: "As long as the service's headers say",
            minTtl: 0,
            defaultTtl: 0,
            maxTtl: 365 * 24 * 60 * 60,
            parametersInCacheKeyAndForwardedToOrigin: {
                headersConfig: {
                    headerBehavior: "whitelist",
                    headers: { items: ["Authorization", "Host", "Origin", "X-HTTP-Method", "X-HTTP-Method-Override", "X-Method-Override", ...(colours ? [colourHeader] : [])] },
                },
                cookiesConfig: { cookieBehavior: "all" },
                queryStringsConfig: { queryStringBehavior: "all" },
                enableAcceptEncodingBrotli: true,
                enableAcceptEncodingGzip: true,
            },
        }, { parent: this });
    }

    private pointNames(name: string, aliases: readonly string[], zoneId: pulumi.Input<string> | undefined): void {
        if (zoneId === undefined) return;
        const { domainName: dnsName, hostedZoneId } = this.distribution;
        const target = { dnsName, zoneId: hostedZoneId };
        for (const domainName of aliases) {
            for (const type of ["A", "AAAA"] as const) {
                pointName(`${name}-${domainName}-${type.toLowerCase()}`, { zoneId, domainName, type, target }, { parent: this });
            }
        }
    }
}

function originConfig(protocol: "http" | "https", idleTimeoutSeconds: number) {
    return {
        httpPort: 80,
        httpsPort: 443,
        originProtocolPolicy: `${protocol}-only`,
        originSslProtocols: ["TLSv1.2"],
        originKeepaliveTimeout: keepAliveSeconds,
        originReadTimeout: idleTimeoutSeconds + readMarginSeconds,
    };
}

function nameRules({ aliases = [], originProtocol, certificateArn, zoneId }: ContentDeliveryArgs): readonly (string | false)[] {
    const wrong = aliases.filter(alias => !isDomainName(alias));
    const hasAliases = aliases.length > 0;
    return [
        wrong.length > 0 && `aliases must be names such as 'shop.example.com', got '${wrong.join("', '")}'`,
        hasAliases !== (certificateArn !== undefined) && "aliases and certificateArn must be set together: the certificate is for the aliases",
        typeof certificateArn === "string" && !certificateArn.includes(`:acm:${cloudFrontRegion}:`) &&
            `certificateArn must be of ${cloudFrontRegion}, where CloudFront looks for it, got '${certificateArn}'`,
        originProtocol === "https" && !hasAliases &&
            "originProtocol 'https' needs aliases: CloudFront checks the load balancer's certificate against the name that clients ask for",
        zoneId !== undefined && !hasAliases && "zoneId needs aliases, whose records it gets",
    ];
}

function originRules(idleTimeoutSeconds: number): readonly (string | false)[] {
    const [least, most] = [keepAliveSeconds + 1, longestReadSeconds - readMarginSeconds];
    return [
        (idleTimeoutSeconds < least || idleTimeoutSeconds > most) &&
            `originIdleTimeoutSeconds must be ${least} to ${most}, since CloudFront waits for an answer up to ${longestReadSeconds} s, got ${idleTimeoutSeconds}`,
    ];
}
