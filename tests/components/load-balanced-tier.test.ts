import assert from "node:assert/strict";
import { LoadBalancedTier, type LoadBalancedTierArgs } from "../../components";
import { registered, type Registered } from "../support/registered";
import { tierArgs } from "./sample";

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
        const made = await build({ certificateArn: "arn:aws:acm:eu-central-1:111122223333:certificate/1" });
        assert.deepEqual(made.named("web-https").inputs, {
            loadBalancerArn: made.named("web-alb").outputs["arn"],
            port: 443,
            protocol: "HTTPS",
            sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
            certificateArn: "arn:aws:acm:eu-central-1:111122223333:certificate/1",
            defaultActions: [{ type: "forward", targetGroupArn: made.named("web-targets").outputs["arn"] }],
        });
        assert.deepEqual(made.named("web-http").inputs["defaultActions"], [
            { type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } },
        ]);
        assert.deepEqual(openPorts(made), [80, 443]);
        assert.match(String(made.named("web").outputs["url"]), /^https:/);
    });

    it("sends nobody to HTTPS before it answers, and listens on no port that is still closed", async () => {
        const made = await build({ certificateArn: "arn:aws:acm:eu-central-1:111122223333:certificate/1" });
        for (const [later, earlier] of [["web-http", "web-https"], ["web-http", "web-http-in"], ["web-https", "web-https-in"]] as const) {
            assert.ok(made.comesAfter(later, earlier), `${later} does not wait for ${earlier}`);
        }
    });

    it("has the address that its certificate is for, and tells what the name must lead to", async () => {
        const certificateArn = "arn:aws:acm:eu-central-1:111122223333:certificate/1";
        const named = await build({ certificateArn, domainName: "shop.example.com" });
        assert.equal(named.named("web").outputs["url"], "https://shop.example.com");
        assert.equal(named.named("web").outputs["loadBalancerDnsName"], named.named("web-alb").outputs["dnsName"]);
        assert.equal((await build({ domainName: "shop.example.com" })).named("web").outputs["url"], "http://shop.example.com");
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
        const { targetGroupName, targetGroupArn, targetGroupDimension, loadBalancerDimension } = made.named("web").outputs;
        assert.deepEqual({ targetGroupName, targetGroupArn, targetGroupDimension }, {
            targetGroupName: name, targetGroupArn: arn, targetGroupDimension: arnSuffix,
        });
        assert.equal(loadBalancerDimension, made.named("web-alb").outputs["arnSuffix"]);
    });

    it("refuses all wrong arguments in one error", async () => {
        await assert.rejects(
            build({ healthPath: "health", drainSeconds: 4000, healthIntervalSeconds: 4, healthTimeoutSeconds: 4 }, "a-very-long-service"),
            {
                message:
                    "LoadBalancedTier 'a-very-long-service': the name must have at most 16 characters, got 19; healthPath must begin with '/', got 'health'; " +
                    "drainSeconds must be 0 to 3600, got 4000; healthIntervalSeconds must be 5 or more, got 4; " +
                    "healthTimeoutSeconds must be below healthIntervalSeconds (4), got 4",
            },
        );
    });

    it("takes the longest name that its load balancer and target group can have", async () => {
        const made = await build({}, "sixteen-letters-");
        assert.equal(made.named("sixteen-letters--targets").name.length, 24);
    });
});

function openPorts(made: Registered): readonly number[] {
    const rules = made.ofType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule");
    return rules.map(rule => Number(rule.inputs["fromPort"])).sort((a, b) => a - b);
}
