import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { serviceName } from "./reach";
import type { Tags } from "./tagging";

export interface InterfaceEndpointsArgs {
    readonly vpcId: pulumi.Input<string>;
    /** Range of the network: who may ask. */
    readonly vpcCidr: string;
    readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
    readonly region: string;
    /** Services to make endpoints of, such as `ecr.api`. */
    readonly endpoints: readonly string[];
    readonly tags: Tags;
}

/**
 * AWS services inside of a network, under the names that they have everywhere. Nothing limits what may be asked of them: that the
 * role of who asks decides, and a second list of buckets and layers that AWS owns would only go out of date.
 */
export function makeInterfaceEndpoints(name: string, args: InterfaceEndpointsArgs, opts?: pulumi.ResourceOptions): pulumi.Resource[] {
    const { vpcId, vpcCidr, subnetIds, region, endpoints } = args;
    const tags = { ...args.tags, Name: `${name}-endpoints` };
    const access = new aws.ec2.SecurityGroup(`${name}-endpoints`, { vpcId, description: "Endpoints: the network may ask", tags }, opts);
    const rule = new aws.vpc.SecurityGroupIngressRule(`${name}-endpoints-in`, {
        securityGroupId: access.id, cidrIpv4: vpcCidr, ipProtocol: "tcp", fromPort: 443, toPort: 443, description: "The network", tags,
    }, opts);
    const made = endpoints.map(endpoint => new aws.ec2.VpcEndpoint(`${name}-${endpoint.replaceAll(".", "-")}`, {
        vpcId,
        vpcEndpointType: "Interface",
        serviceName: serviceName(region, endpoint),
        subnetIds,
        securityGroupIds: [access.id],
        privateDnsEnabled: true,
        tags: { ...args.tags, Name: `${name}-${endpoint}` },
    }, opts));
    return [rule, ...made];
}
