import { architectureOf } from "../../release/architecture";
import { accountId, type Answers, answersOfAws, partition, region, type Values } from "./stand-ins";

/** What the AWS account that a stack's config describes answers to look-ups: everything that the config names is there and sound. */
export function answersOfAccount(config: Values): Answers {
    const vpcId = valueOf(config, "vpcId");
    return {
        "aws:codestarconnections/getConnection:getConnection": ({ arn }) => ({ id: arn, arn, connectionStatus: "AVAILABLE", providerType: "GitHub" }),
        "aws:ec2/getAmi:getAmi": () => ({ id: valueOf(config, "amiId"), architecture: architectureOf(String(valueOf(config, "instanceType")))?.ami ?? "x86_64" }),
        "aws:ec2/getSubnet:getSubnet": ({ id }) => ({ id, vpcId, availabilityZone: zoneOf(config, id) }),
        "aws:index/getCallerIdentity:getCallerIdentity": () => {
            const [account = accountId] = listOf(config, "allowedAccountIds").map(String);
            return { accountId: account, id: account, arn: `arn:${partition}:iam::${account}:user/operator`, userId: "AIDAEXAMPLE" };
        },
        "aws:lb/getLoadBalancer:getLoadBalancer": inputs => ({ ...answersOfAws["aws:lb/getLoadBalancer:getLoadBalancer"]?.(inputs), vpcId }),
        // As before the first `up`: which colour serves is for whoever asks for one to say.
        "aws:ssm/getParametersByPath:getParametersByPath": ({ path }) => ({ id: path, path, arns: [], names: [], types: [], values: [] }),
        "aws:route53/getZone:getZone": ({ name }) => ({ id: "Z0123456789ABCDEFGHIJ", zoneId: "Z0123456789ABCDEFGHIJ", name, privateZone: false }),
    };
}

/** The load balancer's subnets lie in a zone each, those of the hosts in the same zones by turns. */
function zoneOf(config: Values, id: unknown): string {
    const publics = listOf(config, "publicSubnetIds");
    const place = publics.includes(id) ? publics.indexOf(id) : listOf(config, "hostSubnetIds").indexOf(id) % Math.max(publics.length, 2);
    return `${(valueOf(config, "region") as string | undefined) ?? region}${"abcdef"[place] ?? "a"}`;
}

/** A value of config, whatever the project is called. */
function valueOf(config: Values, name: string): unknown {
    return Object.entries(config).find(([key]) => key.endsWith(`:${name}`))?.[1];
}

function listOf(config: Values, name: string): readonly unknown[] {
    const value = valueOf(config, name) ?? [];
    return (typeof value === "string" ? JSON.parse(value) : value) as readonly unknown[];
}
