import { unreachable } from "../reach";
import { error, rule, type SettingsRule, unused, warning } from "./rule";

const subnetKeys = ["publicSubnetIds", "hostSubnetIds"] as const;
const ownNetworkKeys = ["natGateways", "flowLogs"] as const;

/** The network: one of the stack's own, or one that exists. */
export const networkRules: readonly SettingsRule[] = [
    rule(["vpcId", "hostSubnetIds"], ({ vpcId, hostSubnetIds }) =>
        vpcId !== undefined && hostSubnetIds.length < 2
        && error("hostSubnetIds", hostSubnetIds, "must name two subnets or more beside vpcId", "set hostSubnetIds to the subnets of the hosts, of two zones at least")),
    rule(["vpcId", "publicSubnetIds", "listenerArn"], ({ vpcId, publicSubnetIds, listenerArn }) =>
        vpcId !== undefined && listenerArn === undefined && publicSubnetIds.length < 2
        && error("publicSubnetIds", publicSubnetIds, "must name two subnets or more beside vpcId", "set publicSubnetIds to the subnets of the load balancer, each of another zone")),
    ...unused("error", subnetKeys, ["vpcId"], ({ vpcId }) =>
        vpcId === undefined && { because: "without vpcId: the stack would make a network of its own", fix: "set vpcId to the network of these subnets" }),
    ...unused("error", ownNetworkKeys, ["vpcId"], ({ vpcId }) =>
        vpcId !== undefined && { because: "beside vpcId: routes and logs of an existing network are its owner's", fix: "remove it, and see to it in that network" }),
    ...unused("warning", ["vpcCidr", "availabilityZones"], ["vpcId"], ({ vpcId }) => vpcId !== undefined && { because: "beside vpcId", fix: "remove it" }),
    rule(["stage", "vpcId", "natGateways", "interfaceEndpoints"], ({ stage, vpcId, natGateways, interfaceEndpoints }) =>
        stage !== "dev" && vpcId === undefined && natGateways === "none" && !interfaceEndpoints
        && error("natGateways", natGateways, `must not be none in ${stage}, unless interfaceEndpoints is true: each host would have a public address`,
            "set natGateways to onePerAz or single, or interfaceEndpoints to true")),
    rule(["vpcId", "interfaceEndpoints", "natGateways"], ({ vpcId, interfaceEndpoints, natGateways }) =>
        vpcId === undefined && interfaceEndpoints && natGateways !== "none"
        && warning("interfaceEndpoints", interfaceEndpoints, `should be instead of NAT: with natGateways ${natGateways} hosts reach the internet all the same, and both are paid for`,
            "set natGateways to none, or interfaceEndpoints to false, unless both are meant, as while hosts change from one to the other")),
    rule(["interfaceEndpoints", "natGateways", "vpcId", "registry", "imageDigest", "region"], unreachable),
];
