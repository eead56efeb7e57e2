import assert from "node:assert/strict";
import { isDomainName, type ExistingListener, type ListenerChoice, listenerRules } from "../../components/listener-choice";

const wrong = (listener: ListenerChoice) => listenerRules(listener, false).filter(rule => rule !== false);
const listenerArn = "arn:aws-cn:elasticloadbalancing:cn-north-1:111122223333:listener/app/shared/50dc6c495c0c9188/f2f7dc8efc522ab2";
const existing = (changed: Partial<ExistingListener["existing"]>) => wrong({ existing: { listenerArn, priority: 1, hosts: ["shop.example.com"], ...changed } });

describe("the choice of a listener", () => {
    it("may be any of its kinds", () => {
        assert.deepEqual(wrong({ protocol: "http" }), []);
        assert.deepEqual(wrong({ protocol: "http", domainName: "shop.example.com" }), []);
        assert.deepEqual(wrong({ protocol: "https", certificateArn: "arn:aws:acm:eu-central-1:111122223333:certificate/1" }), []);
        assert.deepEqual(wrong({ protocol: "https", zoneId: "Z1", domainName: `${"a".repeat(52)}.example.com` }), []);
        assert.deepEqual(existing({}), []);
        assert.deepEqual(existing({ priority: 50_000, hosts: ["a", "b.example.com", "*.example.com"], paths: ["/shop/*", "*.png"] }), []);
    });

    it("names a host, not an address or a pattern", () => {
        for (const domainName of ["https://shop.example.com", "shop", "*.example.com", "Shop.example.com", "shop.example.com.", "-a.example.com", "10.0.0.1"]) {
            assert.deepEqual(wrong({ protocol: "http", domainName }), [`listener.domainName must be a name such as 'shop.example.com', got '${domainName}'`]);
        }
        for (const name of ["a.de", "shop.example.com", "xn--mnchen-3ya.example.xn--p1ai"]) assert.equal(isDomainName(name), true, name);
    });

    it("has a name that a certificate can have first", () => {
        assert.deepEqual(wrong({ protocol: "https", zoneId: "Z1", domainName: `${"a".repeat(53)}.example.com` }), [
            "listener.domainName must have at most 64 characters for a certificate, got 65",
        ]);
    });

    it("is that of an Application Load Balancer", () => {
        for (const listenerArn of [
            "arn:aws:elasticloadbalancing:eu-central-1:111122223333:listener/net/shared/1/2",
            "arn:aws:elasticloadbalancing:eu-central-1:111122223333:loadbalancer/app/shared/1",
        ]) {
            assert.deepEqual(existing({ listenerArn }), [
                `listener.existing.listenerArn must be that of an Application Load Balancer's listener, got '${listenerArn}'`,
            ]);
        }
    });

    it("has a place among a listener's rules", () => {
        for (const priority of [0, 50_001, 1.5]) assert.deepEqual(existing({ priority }), [`listener.existing.priority must be 1 to 50000, got ${priority}`]);
    });

    it("takes some requests of a listener, not all", () => {
        assert.deepEqual(existing({ hosts: [], paths: [] }), ["listener.existing needs hosts or paths: a rule without a condition would take every request"]);
    });

    it("has patterns that AWS takes", () => {
        assert.deepEqual(existing({ hosts: ["a", "b", "c"], paths: ["/d", "/e", "/f"] }), ["listener.existing must have at most 5 hosts and paths together, got 6"]);
        assert.deepEqual(existing({ paths: ["shop/*"] }), ["listener.existing.paths must begin with '/' or '*', got 'shop/*'"]);
        const long = "/".padEnd(129, "a");
        assert.deepEqual(existing({ paths: [long] }), [`listener.existing.hosts and .paths must have at most 128 characters, got '${long}'`]);
        assert.deepEqual(existing({ paths: ["/".padEnd(128, "a")] }), []);
    });
});
