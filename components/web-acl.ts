import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { cloudFrontRegion } from "./certificate";

/** Requests that one address may make in five minutes: seven a second, on average. */
const grantedRequests = 2000;

/** AWS's own rules, in the order in which they are asked: the cheapest refusal first. */
const ruleGroups = [
    { role: "reputation", name: "AWSManagedRulesAmazonIpReputationList" },
    // This rule of it refuses every body above 8 KiB, so every upload; it is counted instead.
    { role: "common", name: "AWSManagedRulesCommonRuleSet", onlyCounted: "SizeRestrictions_BODY" },
    { role: "bad-inputs", name: "AWSManagedRulesKnownBadInputsRuleSet" },
] as const;

export interface WebAclArgs {
    /** Requests that one address may make in five minutes. @default 2000 */
    readonly requestsPerAddress?: number;
}

/** What is wrong with a limit. @see https://docs.aws.amazon.com/waf/latest/APIReference/API_RateBasedStatement.html */
export function rateRules({ requestsPerAddress = grantedRequests }: WebAclArgs): readonly (string | false)[] {
    return [
        (requestsPerAddress < 10 || requestsPerAddress > 2_000_000_000) && `requestsPerAddress must be 10 to 2000000000, got ${requestsPerAddress}`,
    ];
}

/** Refuses what AWS knows to be an attack, and whoever asks too often; lets all others in. For load balancers of this region, or for CloudFront. */
export function makeWebAcl(
    name: string, scope: "REGIONAL" | "CLOUDFRONT", { requestsPerAddress = grantedRequests }: WebAclArgs, parent: pulumi.Resource,
): aws.wafv2.WebAcl {
    const rate = {
        name: "rate",
        priority: 0,
        action: { block: {} },
        statement: { rateBasedStatement: { aggregateKeyType: "IP", limit: requestsPerAddress, evaluationWindowSec: 300 } },
        visibilityConfig: visible(`${name}-rate`),
    };
    const managed = ruleGroups.map((group, index) => ({
        name: group.role,
        priority: index + 1,
        // What the group itself says; a group has no action of its own.
        overrideAction: { none: {} },
        statement: {
            managedRuleGroupStatement: {
                vendorName: "AWS",
                name: group.name,
                ...("onlyCounted" in group && { ruleActionOverrides: [{ name: group.onlyCounted, actionToUse: { count: {} } }] }),
            },
        },
        visibilityConfig: visible(`${name}-${group.role}`),
    }));
    return new aws.wafv2.WebAcl(name, {
        scope,
        ...(scope === "CLOUDFRONT" && { region: cloudFrontRegion }),
        defaultAction: { allow: {} },
        rules: [rate, ...managed],
        visibilityConfig: visible(name),
    }, { parent });
}

/** Metrics under the stack's name, or those of two stages of an account would be one. */
function visible(name: string) {
    const metricName = `${pulumi.getStack()}-${name}`.replaceAll(/[^\w-]/g, "-");
    return { cloudwatchMetricsEnabled: true, sampledRequestsEnabled: true, metricName };
}
