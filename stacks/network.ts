import type * as pulumi from "@pulumi/pulumi";
// Not the package's index: that loads half of the AWS SDK at every start of the program.
import { Vpc } from "@pulumi/awsx/ec2/vpc.js";
import type { Settings } from "./settings";
import type { Tags } from "./tagging";

export interface Network {
    readonly vpcId: pulumi.Output<string>;
    /** Subnets of the load balancer. */
    readonly publicSubnetIds: pulumi.Output<string[]>;
    /** Subnets of the hosts. */
    readonly hostSubnetIds: pulumi.Output<string[]>;
    /** To depend on: whoever boots in the network needs its routes, too. */
    readonly vpc: Vpc;
}

const natStrategies = { none: "None", single: "Single", onePerAz: "OnePerAz" } as const;

/** A network of public and private subnets in each zone, and with NAT gateways only as far as the settings ask for them. */
export function makeNetwork(name: string, settings: Settings, tags: Tags): Network {
    const { region, vpcCidr, availabilityZones, natGateways, deletionProtection } = settings;
    const vpc = new Vpc(name, {
        cidrBlock: vpcCidr,
        numberOfAvailabilityZones: availabilityZones,
        // A quarter of the network for each zone, however many there are: a further zone moves no subnet.
        availabilityZoneCidrMask: Number(vpcCidr.split("/")[1]) + 2,
        subnetStrategy: "Auto",
        natGateways: { strategy: natStrategies[natGateways] },
        // Releases and the packages of Amazon Linux come from S3: without charge, and without NAT.
        vpcEndpointStrategy: "Auto",
        vpcEndpointSpecs: [{ serviceName: `com.amazonaws.${region}.s3`, vpcEndpointType: "Gateway" }],
        tags: { ...tags },
    }, { protect: deletionProtection });
    return {
        vpc,
        vpcId: vpc.vpcId,
        publicSubnetIds: vpc.publicSubnetIds,
        hostSubnetIds: natGateways === "none" ? vpc.publicSubnetIds : vpc.privateSubnetIds,
    };
}
