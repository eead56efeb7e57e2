import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { ContentDelivery, type ContentDeliveryArgs } from "../../components";
import { answersOfAws } from "../../rehearsal/program/stand-ins";
import { registered, type Registered } from "../support/registered";

const certificateArn = "arn:aws:acm:us-east-1:111122223333:certificate/1";
const origin = { originDomainName: "web-alb-1.eu-central-1.elb.amazonaws.com", originProtocol: "http" } as const;
const named = { ...origin, originProtocol: "https", aliases: ["shop.example.com"], certificateArn } as const;

const build = (args: ContentDeliveryArgs): Promise<Registered> => registered(() => { new ContentDelivery("cdn", args); });

describe("ContentDelivery", () => {
    let made: Registered;
    before(async () => { made = await build(origin); });

    it("passes every request on to the load balancer as it was asked", () => {
        assert.deepEqual(made.named("cdn-distribution").inputs, {
            enabled: true,
            isIpv6Enabled: true,
            httpVersion: "http2and3",
            priceClass: "PriceClass_All",
            origins: [{
                originId: "load-balancer", domainName: "web-alb-1.eu-central-1.elb.amazonaws.com",
                customOriginConfig: {
                    httpPort: 80, httpsPort: 443, originProtocolPolicy: "http-only", originSslProtocols: ["TLSv1.2"],
                    originKeepaliveTimeout: 5, originReadTimeout: 65,
                },
            }],
            defaultCacheBehavior: {
                targetOriginId: "load-balancer",
                viewerProtocolPolicy: "redirect-to-https",
                allowedMethods: ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"],
                cachedMethods: ["GET", "HEAD"],
                compress: true,
                cachePolicyId: made.named("cdn-cache").outputs["id"],
                originRequestPolicyId: answersOfAws["aws:cloudfront/getOriginRequestPolicy:getOriginRequestPolicy"]?.({ name: "Managed-AllViewer" })["id"],
            },
            customErrorResponses: [400, 403, 404, 405, 414, 500, 501, 502, 503, 504].map(errorCode => ({ errorCode, errorCachingMinTtl: 0 })),
            restrictions: { geoRestriction: { restrictionType: "none" } },
            viewerCertificate: { cloudfrontDefaultCertificate: true },
        });
    });

    it("keeps what the service lets it keep, apart for all that an answer may depend on", () => {
        assert.deepEqual(made.named("cdn-cache").inputs, {
            comment: "As long as the service's headers say",
            minTtl: 0,
            defaultTtl: 0,
            maxTtl: 31_536_000,
            parametersInCacheKeyAndForwardedToOrigin: {
                headersConfig: {
                    headerBehavior: "whitelist",
                    headers: { items: ["Authorization", "Host", "Origin", "X-HTTP-Method", "X-HTTP-Method-Override", "X-Method-Override"] },
                },
                cookiesConfig: { cookieBehavior: "all" },
                queryStringsConfig: { queryStringBehavior: "all" },
                enableAcceptEncodingBrotli: true,
                enableAcceptEncodingGzip: true,
            },
        });
    });

    it("keeps apart what a request has chosen a colour for, so that nobody else gets the answer of a release that is not out yet", async () => {
        const headers = async (colours: boolean) => {
            const made = (await build({ ...origin, colours })).named("cdn-cache").inputs["parametersInCacheKeyAndForwardedToOrigin"];
            return (made as { headersConfig: { headers: { items: string[] } } }).headersConfig.headers.items;
        };
        assert.deepEqual(await headers(true), [...await headers(false), "X-Gapless-Colour"]);
    });

    it("gives up after the load balancer, and keeps no connection that the load balancer may just close", async () => {
        const timeouts = async (originIdleTimeoutSeconds: number) => {
            const { origins } = (await build({ ...origin, originIdleTimeoutSeconds })).named("cdn-distribution").inputs as
                { origins: { customOriginConfig: { originKeepaliveTimeout: number; originReadTimeout: number } }[] };
            const { originKeepaliveTimeout, originReadTimeout } = origins[0]?.customOriginConfig ?? {};
            return { originKeepaliveTimeout, originReadTimeout };
        };
        assert.deepEqual(await timeouts(6), { originKeepaliveTimeout: 5, originReadTimeout: 11 });
        assert.deepEqual(await timeouts(115), { originKeepaliveTimeout: 5, originReadTimeout: 120 });
    });

    it("serves names of ours by their certificate, with TLS 1.2 or newer, and asks the load balancer by HTTPS", async () => {
        const made = await build(named);
        const { aliases, viewerCertificate, origins } = made.named("cdn-distribution").inputs as
            { aliases: string[]; viewerCertificate: object; origins: { customOriginConfig: { originProtocolPolicy: string } }[] };
        assert.deepEqual(aliases, ["shop.example.com"]);
        assert.deepEqual(viewerCertificate, { acmCertificateArn: certificateArn, sslSupportMethod: "sni-only", minimumProtocolVersion: "TLSv1.2_2021" });
        assert.equal(origins[0]?.customOriginConfig.originProtocolPolicy, "https-only");
        assert.deepEqual(made.ofType("aws:route53/record:Record"), []);
    });

    it("leads each name to CloudFront by IPv4 and IPv6", async () => {
        const made = await build({ ...named, aliases: ["shop.example.com", "www.example.com"], zoneId: "Z1" });
        const { domainName, hostedZoneId } = made.named("cdn-distribution").outputs;
        const aliases = [{ name: domainName, zoneId: hostedZoneId, evaluateTargetHealth: false }];
        for (const name of ["shop.example.com", "www.example.com"]) {
            assert.deepEqual(made.named(`cdn-${name}-a`).inputs, { zoneId: "Z1", name, type: "A", aliases });
            assert.deepEqual(made.named(`cdn-${name}-aaaa`).inputs, { zoneId: "Z1", name, type: "AAAA", aliases });
        }
    });

    it("puts the web ACL where it sees the clients' own addresses", async () => {
        const made = await build({ ...origin, webAcl: true, requestsPerAddress: 500 });
        assert.equal(made.named("cdn-distribution").inputs["webAclId"], made.named("cdn-acl").outputs["arn"]);
        assert.equal(made.named("cdn-acl").inputs["scope"], "CLOUDFRONT");
        const [rate] = made.named("cdn-acl").inputs["rules"] as { statement: { rateBasedStatement: { limit: number } } }[];
        assert.equal(rate?.statement.rateBasedStatement.limit, 500);
    });

    it("tells its address and what invalidates it", async () => {
        const outputs = made.named("cdn").outputs;
        const { id, arn, domainName } = made.named("cdn-distribution").outputs;
        assert.deepEqual([outputs["distributionId"], outputs["distributionArn"], outputs["domainName"], outputs["url"]], [id, arn, domainName, `https://${String(domainName)}`]);
        assert.equal((await build(named)).named("cdn").outputs["url"], "https://shop.example.com");
    });

    it("comes after what it is told to wait for", async () => {
        const made = await registered(() => {
            const listener = new aws.ec2.SecurityGroup("listener", {});
            new ContentDelivery("cdn", origin, { dependsOn: listener });
        });
        assert.equal(made.comesAfter("cdn-distribution", "listener"), true);
    });

    it("refuses all wrong arguments in one error", async () => {
        await assert.rejects(
            build({ ...origin, aliases: ["*.example.com"], certificateArn: certificateArn.replace("us-east-1", "eu-central-1"), originIdleTimeoutSeconds: 116, requestsPerAddress: 9 }),
            {
                message:
                    "ContentDelivery 'cdn': aliases must be names such as 'shop.example.com', got '*.example.com'; " +
                    "certificateArn must be of us-east-1, where CloudFront looks for it, got 'arn:aws:acm:eu-central-1:111122223333:certificate/1'; " +
                    "originIdleTimeoutSeconds must be 6 to 115, since CloudFront waits for an answer up to 120 s, got 116; " +
                    "requestsPerAddress must be 10 to 2000000000, got 9",
            },
        );
        await assert.rejects(build({ ...origin, originProtocol: "https", certificateArn, zoneId: "Z1", originIdleTimeoutSeconds: 5 }), {
            message:
                "ContentDelivery 'cdn': aliases and certificateArn must be set together: the certificate is for the aliases; " +
                "originProtocol 'https' needs aliases: CloudFront checks the load balancer's certificate against the name that clients ask for; " +
                "zoneId needs aliases, whose records it gets; " +
                "originIdleTimeoutSeconds must be 6 to 115, since CloudFront waits for an answer up to 120 s, got 5",
        });
        await assert.rejects(build({ ...origin, aliases: ["shop.example.com"] }), {
            message: "ContentDelivery 'cdn': aliases and certificateArn must be set together: the certificate is for the aliases",
        });
    });
});
