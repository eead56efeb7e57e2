import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { hostPort } from "../release/rollout";
import type { HostArgs } from "./host-args";

export interface HostAccess {
    /** Security group of the hosts. */
    readonly access: aws.ec2.SecurityGroup;
    /** To depend on: without them a host can neither boot nor serve. */
    readonly rules: readonly pulumi.Resource[];
}

/** Opens one way in: from the load balancer to the service's port, and at both ends. */
export function admitLoadBalancer(name: string, { vpcId, loadBalancerSecurityGroupId }: HostArgs, parent: pulumi.Resource): HostAccess {
    const access = new aws.ec2.SecurityGroup(`${name}-access`, { vpcId, description: "Instances: the load balancer may come in" }, { parent });
    const servicePort = { ipProtocol: "tcp", fromPort: hostPort, toPort: hostPort };
    const fromBalancer = new aws.vpc.SecurityGroupIngressRule(`${name}-from-alb`, {
        securityGroupId: access.id, referencedSecurityGroupId: loadBalancerSecurityGroupId, ...servicePort, description: "Requests",
    }, { parent });
    const balancerOut = new aws.vpc.SecurityGroupEgressRule(`${name}-alb-out`, {
        securityGroupId: loadBalancerSecurityGroupId, referencedSecurityGroupId: access.id, ...servicePort, description: "Requests",
    }, { parent });
    // Whom a service calls (databases, other services) is its own affair; AWS is called, too.
    const out = new aws.vpc.SecurityGroupEgressRule(`${name}-out`, {
        securityGroupId: access.id, cidrIpv4: "0.0.0.0/0", ipProtocol: "-1", description: "AWS and what the service calls",
    }, { parent });
    return { access, rules: [fromBalancer, balancerOut, out] };
}
