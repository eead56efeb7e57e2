import assert from "node:assert/strict";
import { LoadBalancedTier, type LoadBalancedTierArgs } from "../../components";
import { answersOfAws } from "../../rehearsal/program/stand-ins";
import { registered, type Registered } from "../support/registered";
import { tierArgs } from "./sample";

const certificateArn = "arn:aws:acm:eu-central-1:111122223333:certificate/1";
const domainName = "shop.example.com";
const requested = { protocol: "https", zoneId: "Z1", domainName } as const;

const build = (args: Partial<LoadBalancedTierArgs> = {}, name = "web"): Promise<Registered> =>
    registered(() => { new LoadBalancedTier(name, { ...tierArgs, ...args }); });

describe("LoadBalancedTier", () => {
    let made: Registered;
    before(async () => { made = await build(); });

    it("makes a public load balancer that only forwards clean requests", () => {
        assert.deepEqual(made.named("web-alb").inputs, {
            loadBalancerType: "application",
            internal: false,
            subnets: ["subnet-a", "subnet-b"],
            securityGroups: [made.named("web-access").outputs["id"]],
            idleTimeout: 60,
            dropInvalidHeaderFields: true,
            enableDeletionProtection: false,
            accessLogs: { bucket: "", enabled: false },
        });
    });

    it("lets instances drain and asks them often whether they can serve", () => {
        assert.deepEqual(made.named("web-targets").inputs, {
            vpcId: "vpc-1",
            targetType: "instance",
            port: 8080,
            protocol: "HTTP",
            deregistrationDelay: 20,
            healthCheck: {
                path: "/health", protocol: "HTTP", port: "traffic-port", matcher: "200",
                interval: 5, timeout: 3, healthyThreshold: 2, unhealthyThreshold: 2,
            },
        });
    });

    it("takes every number of a rollout from its arguments", async () => {
        const made = await build({ drainSeconds: 45, healthIntervalSeconds: 10, healthTimeoutSeconds: 4, idleTimeoutSeconds: 90, deletionProtection: true });
        const { deregistrationDelay, healthCheck } = made.named("web-targets").inputs as { deregistrationDelay: number; healthCheck: object };
        assert.equal(deregistrationDelay, 45);
        assert.deepEqual(healthCheck, {
            path: "/health", protocol: "HTTP", port: "traffic-port", matcher: "200",
            interval: 10, timeout: 4, healthyThreshold: 2, unhealthyThreshold: 2,
        });
        const { idleTimeout, enableDeletionProtection } = made.named("web-alb").inputs;
        assert.deepEqual({ idleTimeout, enableDeletionProtection }, { idleTimeout: 90, enableDeletionProtection: true });
    });

    it("listens on port 80 alone without a certificate", () => {
        assert.deepEqual(made.ofType("aws:lb/listener:Listener").map(listener => listener.inputs), [{
            loadBalancerArn: made.named("web-alb").outputs["arn"],
            port: 80,
            protocol: "HTTP",
            defaultActions: [{ type: "forward", targetGroupArn: made.named("web-targets").outputs["arn"] }],
        }]);
        assert.deepEqual(openPorts(made), [80]);
        assert.equal(made.named("web").outputs["url"], `http://${String(made.named("web-alb").outputs["dnsName"])}`);
    });

    it("serves HTTPS with a certificate and sends HTTP there for good", async () => {
        const made = await build({ listener: { protocol: "https", certificateArn } });
        assert.deepEqual(made.named("web-https").inputs, {
            loadBalancerArn: made.named("web-alb").outputs["arn"],
            port: 443,
            protocol: "HTTPS",
            sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
            certificateArn,
            defaultActions: [{ type: "forward", targetGroupArn: made.named("web-targets").outputs["arn"] }],
        });
        assert.deepEqual(made.named("web-http").inputs["defaultActions"], [
            { type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } },
        ]);
        assert.deepEqual(openPorts(made), [80, 443]);
        assert.match(String(made.named("web").outputs["url"]), /^https:/);
        assert.deepEqual(made.ofType("aws:acm/certificate:Certificate"), []);
        assert.deepEqual(made.ofType("aws:route53/record:Record"), []);
    });

    it("sends nobody to HTTPS before it answers, and listens on no port that is still closed", async () => {
        const made = await build({ listener: { protocol: "https", certificateArn } });
        for (const [later, earlier] of [["web-http", "web-https"], ["web-http", "web-http-in"], ["web-https", "web-https-in"]] as const) {
            assert.ok(made.comesAfter(later, earlier), `${later} does not wait for ${earlier}`);
        }
    });

    it("has the address that its certificate is for, and tells what the name must lead to", async () => {
        const named = await build({ listener: { protocol: "https", certificateArn, domainName } });
        assert.equal(named.named("web").outputs["url"], "https://shop.example.com");
        assert.equal(named.named("web").outputs["loadBalancerDnsName"], named.named("web-alb").outputs["dnsName"]);
        assert.equal((await build({ listener: { protocol: "http", domainName } })).named("web").outputs["url"], "http://shop.example.com");
    });

    it("opens a port to everyone by a rule of its own", () => {
        assert.deepEqual(made.named("web-access").inputs, { vpcId: "vpc-1", description: "Load balancer: who may come in" });
        assert.deepEqual(made.named("web-http-in").inputs, {
            securityGroupId: made.named("web-access").outputs["id"],
            cidrIpv4: "0.0.0.0/0", ipProtocol: "tcp", fromPort: 80, toPort: 80, description: "Anyone, http",
        });
    });

    it("tells the names that metrics and CodeDeploy go by", () => {
        const { name, arn, arnSuffix } = made.named("web-targets").outputs;
        const { targetGroupName, targetGroupArn, targetGroupDimension, loadBalancerDimension, loadBalancerArn } = made.named("web").outputs;
        assert.deepEqual({ targetGroupName, targetGroupArn, targetGroupDimension }, {
            targetGroupName: name, targetGroupArn: arn, targetGroupDimension: arnSuffix,
        });
        assert.equal(loadBalancerDimension, made.named("web-alb").outputs["arnSuffix"]);
        assert.equal(loadBalancerArn, made.named("web-alb").outputs["arn"]);
    });

    it("refuses all wrong arguments in one error", async () => {
        await assert.rejects(
            build({
                healthPath: "health", drainSeconds: 4000, healthIntervalSeconds: 4, healthTimeoutSeconds: 4, idleTimeoutSeconds: 4001,
                listener: { ...requested, domainName: "*.example.com" }, accessLogs: { retentionDays: 0 }, webAcl: true, requestsPerAddress: 9, onlyFromCloudFront: true,
            }, "a-very-long-service"),
            {
                message:
                    "LoadBalancedTier 'a-very-long-service': the name must have at most 16 characters, got 19; healthPath must begin with '/', got 'health'; " +
                    "idleTimeoutSeconds must be 1 to 4000, got 4001; drainSeconds must be 0 to 3600, got 4000; healthIntervalSeconds must be 5 or more, got 4; " +
                    "healthTimeoutSeconds must be below healthIntervalSeconds (4), got 4; " +
                    "listener.domainName must be a name such as 'shop.example.com', got '*.example.com'; " +
                    "webAcl must not be set with onlyFromCloudFront: there every request has an address of CloudFront's, so give the ACL to ContentDelivery; " +
                    "accessLogs.retentionDays must be 1 or more, got 0; requestsPerAddress must be 10 to 2000000000, got 9",
            },
        );
    });

    it("takes the longest name that its load balancer and target group can have", async () => {
        const made = await build({}, "sixteen-letters-");
        assert.equal(made.named("sixteen-letters--targets").name.length, 24);
    });

    describe("with a name in a zone", () => {
        let made: Registered;
        before(async () => { made = await build({ listener: requested }); });

        it("serves HTTPS by the certificate of the name, once it is issued", () => {
            assert.equal(made.named("web-https").inputs["certificateArn"], made.named("web-certificate").outputs["arn"]);
            assert.equal(made.comesAfter("web-https", "web-certificate-issued"), true);
            assert.equal(made.named("web").outputs["url"], "https://shop.example.com");
            assert.equal(made.named("web").outputs["cloudFrontCertificateArn"], undefined);
        });

        it("leads the name to the load balancer when that answers by HTTPS", () => {
            const { dnsName, zoneId } = made.named("web-alb").outputs;
            assert.deepEqual(made.named("web-alias").inputs, {
                zoneId: "Z1", name: "shop.example.com", type: "A", aliases: [{ name: dnsName, zoneId, evaluateTargetHealth: false }],
            });
            assert.equal(made.comesAfter("web-alias", "web-https"), true);
        });
    });

    describe("with access logs", () => {
        it("writes them when the bucket may be written to", async () => {
            const made = await build({ accessLogs: { retentionDays: 90 } });
            assert.deepEqual(made.named("web-alb").inputs["accessLogs"], { bucket: made.named("web-access-logs-bucket").outputs["bucket"], enabled: true });
            assert.equal(made.comesAfter("web-alb", "web-access-logs-policy"), true);
        });

        it("keeps the bucket for as long as the load balancer is protected", async () => {
            const kept = await build({ accessLogs: { retentionDays: 90 }, deletionProtection: true });
            assert.equal(kept.named("web-access-logs-bucket").inputs["forceDestroy"], false);
            const disposable = await build({ accessLogs: { retentionDays: 90 } });
            assert.equal(disposable.named("web-access-logs-bucket").inputs["forceDestroy"], true);
        });
    });

    describe("with a web ACL", () => {
        let made: Registered;
        before(async () => { made = await build({ webAcl: true, requestsPerAddress: 500 }); });

        it("puts it before the load balancer", () => {
            assert.deepEqual(made.named("web-acl-association").inputs, {
                resourceArn: made.named("web-alb").outputs["arn"], webAclArn: made.named("web-acl").outputs["arn"],
            });
            const [rate] = made.named("web-acl").inputs["rules"] as { statement: { rateBasedStatement: { limit: number } } }[];
            assert.equal(rate?.statement.rateBasedStatement.limit, 500);
            assert.equal(made.named("web-acl").inputs["scope"], "REGIONAL");
        });

        it("lets nobody in before it", () => { assert.equal(made.comesAfter("web-http", "web-acl-association"), true); });
    });

    describe("for CloudFront alone", () => {
        it("lets in what has an address of CloudFront's, by HTTP", async () => {
            const made = await build({ onlyFromCloudFront: true });
            assert.deepEqual(ingress(made), [cloudFrontOn(made, "http", 80)]);
            assert.deepEqual(made.ofType("aws:lb/listener:Listener").map(({ inputs }) => inputs["port"]), [80]);
            assert.equal(made.comesAfter("web-http", "web-http-in"), true);
        });

        it("listens by HTTPS alone with a certificate, since the list is too heavy for two ports", async () => {
            const made = await build({ onlyFromCloudFront: true, listener: { protocol: "https", certificateArn } });
            assert.deepEqual(ingress(made), [cloudFrontOn(made, "https", 443)]);
            assert.deepEqual(made.ofType("aws:lb/listener:Listener").map(({ inputs }) => inputs["port"]), [443]);
            assert.equal(made.comesAfter("web-https", "web-https-in"), true);
        });

        it("requests a certificate for CloudFront, too, and leaves the name to it", async () => {
            const made = await build({ onlyFromCloudFront: true, listener: requested });
            assert.equal(made.named("web").outputs["cloudFrontCertificateArn"], made.named("web-cdn-certificate").outputs["arn"]);
            assert.deepEqual(made.ofType("aws:route53/record:Record").map(({ name }) => name), ["web-certificate-proof"]);
        });
    });
});

function ingress(made: Registered) {
    return made.ofType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").map(({ inputs }) => inputs);
}

function cloudFrontOn(made: Registered, role: string, port: number) {
    return {
        securityGroupId: made.named("web-access").outputs["id"], ipProtocol: "tcp", fromPort: port, toPort: port,
        prefixListId: answersOfAws["aws:ec2/getManagedPrefixList:getManagedPrefixList"]?.({ name: "com.amazonaws.global.cloudfront.origin-facing" })["id"], description: `CloudFront, ${role}`,
    };
}

function openPorts(made: Registered): readonly number[] {
    const rules = made.ofType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule");
    return rules.map(rule => Number(rule.inputs["fromPort"])).sort((a, b) => a - b);
}
