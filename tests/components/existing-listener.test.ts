import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { type ExistingListener, LoadBalancedTier, type LoadBalancedTierArgs } from "../../components";
import { addressBehind } from "../../components/existing-listener";
import { registered, type Registered } from "../support/registered";
import { tierArgs } from "./sample";

const listenerArn = "arn:aws:elasticloadbalancing:eu-central-1:111122223333:listener/app/shared/50dc6c495c0c9188/f2f7dc8efc522ab2";
const join = (existing: ExistingListener["existing"], args: Partial<LoadBalancedTierArgs> = {}): Promise<Registered> =>
    registered(() => { new LoadBalancedTier("web", { ...tierArgs, ...args, listener: { existing } }); });

describe("LoadBalancedTier with a listener that is there already", () => {
    let made: Registered;
    before(async () => {
        const existing = { listenerArn, priority: 42, hosts: ["shop.example.com", "*.shop.example.com"], paths: ["/shop/*"] };
        made = await registered(() => {
            const tier = new LoadBalancedTier("web", { ...tierArgs, listener: { existing } });
            new aws.autoscaling.Policy("scaling", { autoscalingGroupName: "hosts-1" }, { dependsOn: tier });
        });
    });

    it("adds a rule for its hosts and paths, and a target group", () => {
        assert.deepEqual(made.all.filter(({ custom }) => custom).map(({ name }) => name).sort(), ["scaling", "web-rule", "web-targets"]);
        assert.deepEqual(made.named("web-rule").inputs, {
            listenerArn, priority: 42,
            actions: [{ type: "forward", targetGroupArn: made.named("web-targets").outputs["arn"] }],
            conditions: [{ hostHeader: { values: ["shop.example.com", "*.shop.example.com"] } }, { pathPattern: { values: ["/shop/*"] } }],
        });
    });

    it("tells what it has looked up of the load balancer", () => {
        const { loadBalancerArn, loadBalancerDnsName, loadBalancerDimension, url, loadBalancer } = made.named("web").outputs;
        assert.deepEqual({ loadBalancerArn, loadBalancerDnsName, loadBalancerDimension, url, loadBalancer }, {
            loadBalancerArn: "arn:aws:elasticloadbalancing:eu-central-1:111122223333:loadbalancer/app/shared/50dc6c495c0c9188",
            loadBalancerDnsName: "shared-1234567890.eu-central-1.elb.amazonaws.com",
            loadBalancerDimension: "app/shared/50dc6c495c0c9188",
            url: "https://shop.example.com/shop",
            loadBalancer: undefined,
        });
    });

    it("names the same one of its security groups however AWS orders them", () => {
        assert.equal(made.named("web").outputs["securityGroupId"], "sg-0a");
    });

    it("lets nobody who waits for the tier begin before the rule", () => {
        assert.equal(made.comesAfter("scaling", "web-rule"), true);
    });

    it("takes a rule with hosts or paths alone", async () => {
        const hosts = await join({ listenerArn, priority: 1, hosts: ["shop.example.com"] });
        assert.deepEqual(hosts.named("web-rule").inputs["conditions"], [{ hostHeader: { values: ["shop.example.com"] } }]);
        const paths = await join({ listenerArn, priority: 50_000, paths: ["/shop/*"] });
        assert.deepEqual(paths.named("web-rule").inputs["conditions"], [{ pathPattern: { values: ["/shop/*"] } }]);
    });

    it("refuses what it would have to change of a load balancer that is not ours", async () => {
        const existing = { listenerArn, priority: 1, paths: ["/shop/*"] };
        await assert.rejects(join(existing, { accessLogs: { retentionDays: 30 }, webAcl: true }), {
            message: "LoadBalancedTier 'web': accessLogs, webAcl must not be set with listener.existing: its load balancer is not ours to change",
        });
        await assert.rejects(join(existing, { onlyFromCloudFront: true }), {
            message: "LoadBalancedTier 'web': onlyFromCloudFront must not be set with listener.existing: its load balancer is not ours to change",
        });
    });
});

describe("the address behind somebody's listener", () => {
    const https = { protocol: "HTTPS", port: 443, dnsName: "alb.example.net" };
    for (const [listener, hosts, paths, address] of [
        [https, [], ["/shop/*"], "https://alb.example.net/shop"],
        [https, ["*.example.com", "shop.example.com"], [], "https://shop.example.com"],
        [https, ["*.example.com"], ["/*", "/shop"], "https://alb.example.net"],
        [https, [], ["/v?/shop"], "https://alb.example.net/v"],
        [{ ...https, port: 8443 }, [], ["/shop"], "https://alb.example.net:8443/shop"],
        [{ ...https, protocol: "HTTP", port: 80 }, ["shop.example.com"], [], "http://shop.example.com"],
        [{ ...https, protocol: "HTTP", port: 443 }, ["shop.example.com"], [], "http://shop.example.com:443"],
    ] as const) {
        it(`is ${address} for ${[...hosts, ...paths].join(", ")} on ${listener.protocol} ${listener.port}`, () => {
            assert.equal(addressBehind(listener, hosts, paths), address);
        });
    }
});
