import assert from "node:assert/strict";
import { tagging } from "../../stacks/tagging";
import { makeNetwork, type Network, type NetworkSettings } from "../../stacks/network";
import { registered, type Registered } from "../support/registered";

const own: NetworkSettings = {
    region: "eu-central-1", vpcCidr: "10.0.0.0/16", availabilityZones: 2, natGateways: "none", interfaceEndpoints: false, registry: "ecr",
    publicSubnetIds: [], hostSubnetIds: [], flowLogs: false, logRetentionDays: 30, deletionProtection: false,
};
const tags = { project: "shop", stage: "dev" };

interface Made {
    readonly all: Registered;
    readonly network: Network;
}

async function build(settings: Partial<NetworkSettings> = {}): Promise<Made> {
    const made: Network[] = [];
    const all = await registered(() => { made.push(makeNetwork("network", { ...own, ...settings }, tags, { transformations: [tagging(tags)] })); });
    return { all, network: made[0] ?? assert.fail("no network was made") };
}

/** Internal to Pulumi, but `apply` would never call back for an output that has failed. */
function valueOf(output: unknown): Promise<unknown> {
    return (output as { promise(): Promise<unknown> }).promise();
}

async function namesOf(resources: Network["ready"]): Promise<readonly string[]> {
    return Promise.all(resources.map(async ({ urn }) => String(await valueOf(urn)).replace(/^.*::/, "")));
}

describe("an own network", () => {
    it("has subnets in each zone, names for hosts, and S3 without NAT", async () => {
        const { all } = await build({ vpcCidr: "10.1.0.0/20", availabilityZones: 3, natGateways: "onePerAz" });
        assert.deepEqual(all.named("network").inputs, {
            cidrBlock: "10.1.0.0/20",
            enableDnsHostnames: true,
            numberOfAvailabilityZones: 3,
            availabilityZoneCidrMask: 22,
            subnetStrategy: "Auto",
            natGateways: { strategy: "OnePerAz" },
            vpcEndpointStrategy: "Auto",
            vpcEndpointSpecs: [{ serviceName: "com.amazonaws.eu-central-1.s3", vpcEndpointType: "Gateway" }],
            tags,
        });
    });

    const hosts = [
        { natGateways: "none", interfaceEndpoints: false, strategy: "None", subnets: "publicSubnetIds" },
        { natGateways: "single", interfaceEndpoints: false, strategy: "Single", subnets: "privateSubnetIds" },
        { natGateways: "onePerAz", interfaceEndpoints: false, strategy: "OnePerAz", subnets: "privateSubnetIds" },
        { natGateways: "none", interfaceEndpoints: true, strategy: "None", subnets: "privateSubnetIds" },
        { natGateways: "single", interfaceEndpoints: true, strategy: "Single", subnets: "privateSubnetIds" },
    ] as const;
    for (const { natGateways, interfaceEndpoints, strategy, subnets } of hosts) {
        it(`puts hosts into its ${subnets} with NAT ${natGateways} and ${interfaceEndpoints ? "endpoints" : "no endpoints"}`, async () => {
            const { all, network } = await build({ natGateways, interfaceEndpoints });
            const { inputs, outputs } = all.named("network");
            assert.deepEqual(inputs["natGateways"], { strategy });
            // Without specs awsx makes public and private ones, always in the same ranges.
            assert.equal("subnetSpecs" in inputs, false);
            assert.deepEqual(await valueOf(network.hostSubnetIds), outputs[subnets]);
            assert.deepEqual(await valueOf(network.publicSubnetIds), outputs["publicSubnetIds"]);
            assert.deepEqual(await valueOf(network.vpcId), outputs["vpcId"]);
        });
    }

    it("is made of nothing else unless asked for, and is what hosts wait for", async () => {
        const { all, network } = await build();
        assert.deepEqual(all.names(), ["network"]);
        assert.deepEqual(await namesOf(network.ready), ["network"]);
    });

    it("is protected from being deleted when asked for", async () => {
        assert.equal((await build()).all.named("network").protect, false);
        assert.equal((await build({ deletionProtection: true })).all.named("network").protect, true);
    });
});

describe("interface endpoints", () => {
    let made: Made;
    before(async () => { made = await build({ interfaceEndpoints: true, vpcCidr: "10.2.0.0/16" }); });

    it("stand in the hosts' subnets under the names that the services have everywhere", () => {
        const { all } = made;
        const { vpcId, privateSubnetIds } = all.named("network").outputs;
        assert.deepEqual(all.named("network-ecr-api").inputs, {
            vpcId,
            vpcEndpointType: "Interface",
            serviceName: "com.amazonaws.eu-central-1.ecr.api",
            subnetIds: privateSubnetIds,
            securityGroupIds: [all.named("network-endpoints").outputs["id"]],
            privateDnsEnabled: true,
            tags: { ...tags, Name: "network-ecr.api" },
        });
    });

    it("are those that hosts need, each once", () => {
        const services = made.all.ofType("aws:ec2/vpcEndpoint:VpcEndpoint").map(({ inputs }) => String(inputs["serviceName"]));
        assert.deepEqual(services.sort(), [
            "autoscaling", "codedeploy", "codedeploy-commands-secure", "ecr.api", "ecr.dkr", "logs", "monitoring", "ssm", "ssmmessages",
        ].map(service => `com.amazonaws.eu-central-1.${service}`));
    });

    it("are open on 443 for the network alone, and open nothing themselves", () => {
        const { all } = made;
        const group = all.named("network-endpoints");
        assert.deepEqual(group.inputs, {
            vpcId: all.named("network").outputs["vpcId"], description: "Endpoints: the network may ask", tags: { ...tags, Name: "network-endpoints" },
        });
        assert.deepEqual(all.ofType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").map(({ inputs }) => inputs), [{
            securityGroupId: group.outputs["id"], cidrIpv4: "10.2.0.0/16", ipProtocol: "tcp", fromPort: 443, toPort: 443,
            description: "The network", tags: { ...tags, Name: "network-endpoints" },
        }]);
        assert.deepEqual(all.ofType("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"), []);
    });

    it("are all waited for by hosts, and the rule that lets hosts ask", async () => {
        const { all, network } = made;
        const endpoints = all.ofType("aws:ec2/vpcEndpoint:VpcEndpoint").map(({ name }) => name);
        assert.deepEqual([...await namesOf(network.ready)].sort(), ["network", "network-endpoints-in", ...endpoints].sort());
    });
});

describe("an existing network", () => {
    const settings = {
        vpcId: "vpc-1", publicSubnetIds: ["subnet-a", "subnet-b"], hostSubnetIds: ["subnet-c", "subnet-d"],
        interfaceEndpoints: true, flowLogs: true, natGateways: "single",
    } as const;

    it("stays as it is", async () => {
        const { all, network } = await build(settings);
        assert.deepEqual(all.names(), []);
        assert.deepEqual(network.ready, []);
    });

    it("gives the subnets that the settings name", async () => {
        const { network } = await build(settings);
        const values = await Promise.all([network.vpcId, network.publicSubnetIds, network.hostSubnetIds].map(valueOf));
        assert.deepEqual(values, ["vpc-1", ["subnet-a", "subnet-b"], ["subnet-c", "subnet-d"]]);
    });
});

describe("flow logs", () => {
    it("are kept for the network, as long as other logs", async () => {
        const { all } = await build({ flowLogs: true, logRetentionDays: 365 });
        assert.equal(all.named("network-flow-logs-refused").inputs["vpcId"], all.named("network").outputs["vpcId"]);
        assert.equal(all.named("network-flow-logs-group").inputs["retentionInDays"], 365);
    });

    it("carry the stack's tags", async () => {
        const { all } = await build({ flowLogs: true });
        for (const name of ["network-flow-logs-group", "network-flow-logs-role", "network-flow-logs-refused"]) {
            assert.deepEqual(all.named(name).inputs["tags"], tags, name);
        }
    });
});
