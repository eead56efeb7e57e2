import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { makeWebAcl, rateRules, type WebAclArgs } from "../../components/web-acl";
import { registered } from "../support/registered";

class Holder extends pulumi.ComponentResource {
    constructor(scope: "REGIONAL" | "CLOUDFRONT", args: WebAclArgs) {
        super("test:index:Holder", "holder");
        makeWebAcl("web-acl", scope, args, this);
    }
}

const inputsOf = async (scope: "REGIONAL" | "CLOUDFRONT", args: WebAclArgs = {}, stack = "dev") =>
    (await registered(() => { new Holder(scope, args); }, { stack })).named("web-acl").inputs;

const visible = (metricName: string) => ({ cloudwatchMetricsEnabled: true, sampledRequestsEnabled: true, metricName });
const group = (priority: number, role: string, name: string, overrides: object = {}) => ({
    name: role, priority, overrideAction: { none: {} },
    statement: { managedRuleGroupStatement: { vendorName: "AWS", name, ...overrides } },
    visibilityConfig: visible(`dev-web-acl-${role}`),
});

describe("a web ACL", () => {
    it("refuses an address that asks too often, then what AWS knows to be an attack, and lets all others in", async () => {
        assert.deepEqual(await inputsOf("REGIONAL"), {
            scope: "REGIONAL",
            defaultAction: { allow: {} },
            rules: [
                {
                    name: "rate", priority: 0, action: { block: {} },
                    statement: { rateBasedStatement: { aggregateKeyType: "IP", limit: 2000, evaluationWindowSec: 300 } },
                    visibilityConfig: visible("dev-web-acl-rate"),
                },
                group(1, "reputation", "AWSManagedRulesAmazonIpReputationList"),
                group(2, "common", "AWSManagedRulesCommonRuleSet", { ruleActionOverrides: [{ name: "SizeRestrictions_BODY", actionToUse: { count: {} } }] }),
                group(3, "bad-inputs", "AWSManagedRulesKnownBadInputsRuleSet"),
            ],
            visibilityConfig: visible("dev-web-acl"),
        });
    });

    it("is where CloudFront looks for it", async () => {
        const { scope, region } = await inputsOf("CLOUDFRONT");
        assert.deepEqual({ scope, region }, { scope: "CLOUDFRONT", region: "us-east-1" });
    });

    it("grants an address as many requests as it is told to", async () => {
        const { rules } = await inputsOf("REGIONAL", { requestsPerAddress: 10 }) as { rules: { statement: { rateBasedStatement?: { limit: number } } }[] };
        assert.equal(rules[0]?.statement.rateBasedStatement?.limit, 10);
        for (const requestsPerAddress of [10, 2_000_000_000]) assert.deepEqual(rateRules({ requestsPerAddress }), [false]);
        for (const requestsPerAddress of [9, 2_000_000_001]) {
            assert.deepEqual(rateRules({ requestsPerAddress }), [`requestsPerAddress must be 10 to 2000000000, got ${requestsPerAddress}`]);
        }
    });

    it("has metrics of its own in each stack, by a name that CloudWatch takes", async () => {
        const { visibilityConfig } = await inputsOf("REGIONAL", {}, "shop.prod");
        assert.deepEqual(visibilityConfig, visible("shop-prod-web-acl"));
    });
});
