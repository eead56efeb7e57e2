import { architectureOf } from "../../release/architecture";
import type { Finding } from "../../release/lint";
import type { Facts, Failure, SubnetFacts } from "../lookups";
import type { Settings } from "../settings";
import { shown } from "../settings-error";
import { httpProblem } from "./front-door-rules";
import { error } from "./rule";
import { strategyProblems } from "./strategy-rules";

/**
 * Everything that is wrong with what settings name in AWS.
 * @param stack name for the commands of a way out
 */
export function checkFacts(settings: Settings, facts: Facts, stack: string): readonly Finding[] {
    const account = accountProblem(settings, facts);
    // Whatever else was found or not found, it was in the wrong account.
    if (account) return [account];
    const findings = [
        ...facts.failures.map(failureFinding), ...strategyProblems(settings, facts, stack), connectionProblem(settings, facts), amiProblem(settings, facts), ...subnetProblems(settings, facts), ...listenerProblems(settings, facts),
    ];
    return findings.filter(finding => finding !== false);
}

function accountProblem({ allowedAccountIds }: Settings, { accountId, failures }: Facts): Finding | undefined {
    const failure = failures.find(({ key }) => key === "aws:profile");
    // Pulumi's provider checks the accounts, too, and may be the first.
    const isOther = failure ? /account id not allowed/i.test(failure.reason) : allowedAccountIds.length > 0 && !allowedAccountIds.includes(accountId ?? "");
    if (isOther) {
        return {
            severity: "error",
            key: "aws:allowedAccountIds",
            rule: `must name the account of the credentials${accountId === undefined ? "" : ` (${accountId})`}: this stack belongs to another one`,
            received: `${shown(allowedAccountIds, [])}${failure ? ` (${failure.reason})` : ""}`,
            fix: `take credentials of ${allowedAccountIds.join(" or ")}, such as by AWS_PROFILE, or select the stack of this account`,
        };
    }
    return failure && failureFinding(failure);
}

const whatFails: Readonly<Record<Exclude<Failure["key"], "connectionArn">, readonly [rule: string, fix: string]>> = {
    "aws:profile": ["must lead to credentials of AWS that work", "log in, such as by aws sso login, and set AWS_PROFILE or aws:profile"],
    "zoneName": ["must be a public Route 53 zone of this account", "create the zone, or set zoneName to one that exists and may be read (route53:ListHostedZones, GetHostedZone)"],
    "listenerArn": ["must be a listener of this account", "set listenerArn to one that exists and may be read (elasticloadbalancing:DescribeListeners, DescribeLoadBalancers)"],
    "amiId": ["must be a machine image that this account may use in this region", "set amiId to one that exists and may be read (ec2:DescribeImages), or remove it to boot the latest Amazon Linux 2023"],
    "publicSubnetIds": ["must be subnets of this account and region", "set publicSubnetIds to some that exist and may be read (ec2:DescribeSubnets)"],
    "strategy": [
        "must be compared with the colour that serves, which the stack's parameters tell",
        "see that they may be read (ssm:GetParametersByPath), and that the parameter activeColour says blue or green, whichever the load balancer sends requests to",
    ],
    "hostSubnetIds": ["must be subnets of this account and region", "set hostSubnetIds to some that exist and may be read (ec2:DescribeSubnets)"],
};

function failureFinding({ key, name, reason }: Failure): Finding {
    const received = `${name} (${reason})`;
    if (key === "connectionArn") {
        return {
            severity: "warning",
            key,
            rule: "could not be looked up, so nobody knows here whether the connection is there and available",
            received,
            fix: "see that it is Available under Developer Tools, Settings, Connections in the console; "
                + "to have it looked up, allow codestar-connections:GetConnection and codeconnections:GetConnection",
        };
    }
    const [rule, fix] = whatFails[key];
    return { severity: "error", key, rule, received, fix };
}

function connectionProblem({ connectionArn }: Settings, { connectionStatus }: Facts): Finding | false {
    if (connectionArn === undefined || connectionStatus === undefined || connectionStatus === "AVAILABLE") return false;
    const region = connectionArn.split(":")[3] ?? "";
    return {
        severity: "error",
        key: "connectionArn",
        rule: "must be available: a person has to complete it once",
        received: `${connectionArn}, which is ${connectionStatus}`,
        fix: "open it under Developer Tools, Settings, Connections in the console "
            + `(https://${region}.console.aws.amazon.com/codesuite/settings/connections) and choose "Update pending connection"`,
    };
}

function amiProblem({ amiId, instanceType }: Settings, { amiArchitecture }: Facts): Finding | false {
    const wanted = architectureOf(instanceType)?.ami;
    return amiArchitecture !== undefined && amiArchitecture !== wanted
        && error("amiId", amiId, `must be for the processor of instanceType (${instanceType}, ${wanted ?? "unknown"}), not for ${amiArchitecture}`,
            `take a machine image for ${wanted ?? "it"}, or an instance type of ${amiArchitecture}`);
}

function subnetProblems({ vpcId, listenerArn }: Settings, { subnets }: Facts): readonly (Finding | false)[] {
    const of = (key: SubnetFacts["key"]) => subnets.filter(subnet => subnet.key === key);
    const [publics, hosts] = [of("publicSubnetIds"), of("hostSubnetIds")];
    const zonesOfBalancer = new Set(publics.map(({ availabilityZone }) => availabilityZone));
    const zonesOfHosts = new Set(hosts.map(({ availabilityZone }) => availabilityZone));
    const apart = hosts.filter(({ availabilityZone }) => !zonesOfBalancer.has(availabilityZone));
    return [
        ...[publics, hosts].map(group => elsewhere(group, vpcId)),
        zonesOfBalancer.size < publics.length
        && error("publicSubnetIds", publics.map(described), "must lie in a zone each: a load balancer takes one subnet of a zone, and two zones at least", "name one subnet of each zone"),
        hosts.length > 1 && zonesOfHosts.size < 2
        && error("hostSubnetIds", hosts.map(described), "must lie in two zones at least: a zone that fails would take the service with it", "add a subnet of another zone"),
        // The zones of somebody else's load balancer are its owner's.
        listenerArn === undefined && publics.length > 0 && apart.length > 0
        && error("hostSubnetIds", apart.map(described), `must lie in zones of the load balancer (${[...zonesOfBalancer].join(", ")}), which sends nothing to others`,
            "add a subnet of that zone to publicSubnetIds, or take it out of hostSubnetIds"),
    ];
}

function elsewhere(subnets: readonly SubnetFacts[], vpcId: string | undefined): Finding | false {
    const others = subnets.filter(subnet => subnet.vpcId !== vpcId);
    const [first] = others;
    return first !== undefined
        && error(first.key, others.map(({ id, vpcId }) => `${id} of ${vpcId}`), `must lie in vpcId (${vpcId ?? "none"})`, `name subnets of ${vpcId ?? "that network"}, or set vpcId to ${first.vpcId}`);
}

function described({ id, availabilityZone }: SubnetFacts): string {
    return `${id} in ${availabilityZone}`;
}

function listenerProblems({ stage, httpOnly, vpcId, listenerArn }: Settings, { listener }: Facts): readonly (Finding | false)[] {
    if (!listener) return [];
    return [
        listener.loadBalancerType !== "application"
        && error("listenerArn", listenerArn, `must be of an application load balancer, not of a ${listener.loadBalancerType} one: others have no rules`, "take a listener of an application load balancer"),
        listener.vpcId !== vpcId
        && error("listenerArn", listenerArn, `must be of a load balancer in vpcId (${vpcId ?? "none"}); it is in ${listener.vpcId}`, `set vpcId, publicSubnetIds and hostSubnetIds to ${listener.vpcId} and its subnets`),
        listener.protocol === "HTTP" && httpProblem({ stage, httpOnly }, { key: "listenerArn", value: listenerArn, should: "should be of a listener of HTTPS", fix: "take a listener of HTTPS" }),
    ];
}
