import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { findingsOn, network, said, sample, type Said, type Stack } from "../findings";

const tenSubnets = (group: number) => Array.from({ length: 10 }, (_, zone) => `subnet-000000${group}${zone}`);

describe("the rules of networks", () => {
    const rows: readonly [string, Stack, readonly Said[]][] = [
        ["miss the subnets of an existing network", { given: { vpcId: sample.vpcId } }, [
            ["error", "gapless:hostSubnetIds", "must name two subnets or more beside vpcId", "[]",
                "set hostSubnetIds to the subnets of the hosts, of two zones at least"],
            ["error", "gapless:publicSubnetIds", "must name two subnets or more beside vpcId", "[]",
                "set publicSubnetIds to the subnets of the load balancer, each of another zone"],
        ]],
        ["refuse a single subnet", { given: { ...network, publicSubnetIds: ["subnet-0000000a"], hostSubnetIds: ["subnet-0000001a"] } }, [
            ["error", "gapless:hostSubnetIds", "must name two subnets or more beside vpcId", '["subnet-0000001a"]',
                "set hostSubnetIds to the subnets of the hosts, of two zones at least"],
            ["error", "gapless:publicSubnetIds", "must name two subnets or more beside vpcId", '["subnet-0000000a"]',
                "set publicSubnetIds to the subnets of the load balancer, each of another zone"],
        ]],
        ["miss the network of subnets", { given: { publicSubnetIds: sample.publicSubnetIds, hostSubnetIds: sample.hostSubnetIds } }, [
            ["error", "gapless:publicSubnetIds", "has no effect without vpcId: the stack would make a network of its own", '["subnet-0000000a","subnet-0000000b"]',
                "set vpcId to the network of these subnets"],
            ["error", "gapless:hostSubnetIds", "has no effect without vpcId: the stack would make a network of its own", '["subnet-0000001a","subnet-0000001b"]',
                "set vpcId to the network of these subnets"],
        ]],
        ["say what is not made in an existing network", { given: { ...network, natGateways: "single", flowLogs: true } }, [
            ["error", "gapless:natGateways", "has no effect beside vpcId: routes and logs of an existing network are its owner's", '"single"',
                "remove it, and see to it in that network"],
            ["error", "gapless:flowLogs", "has no effect beside vpcId: routes and logs of an existing network are its owner's", "true",
                "remove it, and see to it in that network"],
        ]],
        ["warn of numbers of a network that is not made", { given: { ...network, vpcCidr: "10.1.0.0/16", availabilityZones: 3 } }, [
            ["warning", "gapless:vpcCidr", "has no effect beside vpcId", '"10.1.0.0/16"',
                "remove it"],
            ["warning", "gapless:availabilityZones", "has no effect beside vpcId", "3",
                "remove it"],
        ]],
        ["refuse hosts with public addresses in stg", { stage: "stg", given: { natGateways: "none" } }, [
            ["error", "gapless:natGateways", "must not be none in stg, unless interfaceEndpoints is true: each host would have a public address", '"none"',
                "set natGateways to onePerAz or single, or interfaceEndpoints to true"],
        ]],
        ["refuse hosts with public addresses in prod, also when nobody has chosen them", { stage: "prod", given: { natGateways: undefined, httpOnly: true } }, [
            ["error", "gapless:natGateways", "must not be none in prod, unless interfaceEndpoints is true: each host would have a public address", '"none"',
                "set natGateways to onePerAz or single, or interfaceEndpoints to true"],
        ]],
        ["warn of endpoints beside NAT", { given: { interfaceEndpoints: true, natGateways: "single" } }, [
            ["warning", "gapless:interfaceEndpoints", "should be instead of NAT: with natGateways single hosts reach the internet all the same, and both are paid for", "true",
                "set natGateways to none, or interfaceEndpoints to false, unless both are meant, as while hosts change from one to the other"],
        ]],
        ["refuse what endpoints do not lead to", { given: { interfaceEndpoints: true, imageDigest: `registry.example.com/shop@sha256:${"0".repeat(64)}` } }, [
            ["error", "gapless:imageDigest", "must lie in Amazon ECR of eu-central-1 where hosts reach AWS alone (interfaceEndpoints without natGateways): no endpoint leads elsewhere", "registry.example.com/shop@sha256:0000000000000000000000000000000000000000000000000000000000000000",
                "copy the image to a private ECR repository in eu-central-1, or set natGateways to single or onePerAz"],
        ]],
        ["count the time for which each zone of an existing network is watched", { given: { ...network, publicSubnetIds: tenSubnets(1), hostSubnetIds: tenSubnets(2), minSize: 20, maxSize: 20, zoneByZone: true, zoneMonitorSeconds: 3600 } }, [
            ["error", "gapless:deploymentConfig", "must let a rollout end within the 8 hours that CodeDeploy gives it: 20 waves over up to 20 instances take about 9.3 hours", "HalfAtATime",
                "set deploymentConfig to a lower minimum, or drainSeconds, zoneMonitorSeconds or maxSize to less"],
        ]],
        ["warn of what the endpoints of an existing network may not lead to, by advice for that network", { given: { ...network, interfaceEndpoints: true, imageDigest: `registry.example.com/shop@sha256:${"0".repeat(64)}` } }, [
            ["warning", "gapless:imageDigest", "should lie in Amazon ECR of eu-central-1 where hosts reach AWS alone (interfaceEndpoints): no endpoint leads elsewhere", "registry.example.com/shop@sha256:0000000000000000000000000000000000000000000000000000000000000000",
                "copy the image to a private ECR repository in eu-central-1, unless hosts have a further way out of that network"],
        ]],
    ];
    for (const [title, stack, findings] of rows) {
        it(title, () => { assert.deepEqual(said(findingsOn(stack)), findings); });
    }
});
