import * as pulumi from "@pulumi/pulumi";
// Not the package's index: that loads half of the AWS SDK at every start of the program.
import { Vpc } from "@pulumi/awsx/ec2/vpc.js";
import { FlowLogs } from "../components";
import { makeInterfaceEndpoints } from "./interface-endpoints";
import { neededEndpoints, type ReachSettings, serviceName } from "./reach";
import type { Tags } from "./tagging";

/** The settings that make a network. */
export interface NetworkSettings extends ReachSettings {
    readonly vpcCidr: string;
    readonly availabilityZones: number;
    /** Subnets of an existing network. */
    readonly publicSubnetIds: readonly string[];
    readonly hostSubnetIds: readonly string[];
    readonly flowLogs: boolean;
    readonly logRetentionDays: number;
    readonly deletionProtection: boolean;
}

export interface Network {
    readonly vpcId: pulumi.Output<string>;
    /** Subnets of the load balancer. */
    readonly publicSubnetIds: pulumi.Output<string[]>;
    /** Subnets of the hosts. */
    readonly hostSubnetIds: pulumi.Output<string[]>;
    /** To depend on: whoever boots in the network needs its routes and its endpoints, too. */
    readonly ready: readonly pulumi.Resource[];
}

const natStrategies = { none: "None", single: "Single", onePerAz: "OnePerAz" } as const;

/** The network that the settings name, in which nothing is made, or one of public and private subnets in each zone. */
export function makeNetwork(name: string, settings: NetworkSettings, tags: Tags, opts?: pulumi.ResourceOptions): Network {
    const { vpcId, publicSubnetIds, hostSubnetIds } = settings;
    if (vpcId === undefined) return makeOwnNetwork(name, settings, tags, opts);
    return {
        vpcId: pulumi.output(vpcId),
        publicSubnetIds: pulumi.output([...publicSubnetIds]),
        hostSubnetIds: pulumi.output([...hostSubnetIds]),
        ready: [],
    };
}

function makeOwnNetwork(name: string, settings: NetworkSettings, tags: Tags, opts?: pulumi.ResourceOptions): Network {
    const { region, vpcCidr, natGateways, interfaceEndpoints, flowLogs, logRetentionDays } = settings;
    const vpc = makeVpc(name, settings, tags, opts);
    // Private also without NAT, and not awsx's isolated ones: without a NAT gateway awsx gives neither a route to the internet, and
    // so the subnets stay when a stack changes between NAT and endpoints. Their ranges could not be given to others before.
    const hostSubnetIds = natGateways === "none" && !interfaceEndpoints ? vpc.publicSubnetIds : vpc.privateSubnetIds;
    const endpoints = interfaceEndpoints
        ? makeInterfaceEndpoints(name, { vpcId: vpc.vpcId, vpcCidr, subnetIds: hostSubnetIds, region, endpoints: neededEndpoints(settings), tags }, opts)
        : [];
    if (flowLogs) new FlowLogs(`${name}-flow-logs`, { vpcId: vpc.vpcId, retentionDays: logRetentionDays }, opts);
    return { vpcId: vpc.vpcId, publicSubnetIds: vpc.publicSubnetIds, hostSubnetIds, ready: [vpc, ...endpoints] };
}

function makeVpc(name: string, settings: NetworkSettings, tags: Tags, opts?: pulumi.ResourceOptions): Vpc {
    const { region, vpcCidr, availabilityZones, natGateways, deletionProtection } = settings;
    return new Vpc(name, {
        cidrBlock: vpcCidr,
        // Both gateways of S3 and endpoints with private names ask for it, beside the DNS that a VPC has by default:
        // https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-s3.html
        enableDnsHostnames: true,
        numberOfAvailabilityZones: availabilityZones,
        // A quarter of the network for each zone, however many there are: a further zone moves no subnet.
        availabilityZoneCidrMask: Number(vpcCidr.split("/")[1]) + 2,
        subnetStrategy: "Auto",
        natGateways: { strategy: natStrategies[natGateways] },
        // Releases and the packages of Amazon Linux come from S3: without charge, and without NAT.
        vpcEndpointStrategy: "Auto",
        vpcEndpointSpecs: [{ serviceName: serviceName(region, "s3"), vpcEndpointType: "Gateway" }],
        tags: { ...tags },
    }, { ...opts, protect: deletionProtection });
}
