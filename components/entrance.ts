import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { ColourWeights, HeaderRules } from "./colours";

/** Where the requests of a target group come in: a load balancer of our own or somebody else's. */
export interface Entrance {
    /** Address of the service. */
    readonly url: pulumi.Output<string>;
    readonly loadBalancerArn: pulumi.Output<string>;
    readonly dnsName: pulumi.Output<string>;
    /** `LoadBalancer` dimension of its CloudWatch metrics. */
    readonly dimension: pulumi.Output<string>;
    /** Security group by which instances know the load balancer. */
    readonly securityGroupId: pulumi.Output<string>;
    /** Undefined when it is somebody else's. */
    readonly loadBalancer: aws.lb.LoadBalancer | undefined;
    /** Certificate of the same name for CloudFront, undefined when none was requested. */
    readonly cloudFrontCertificateArn: pulumi.Output<string> | undefined;
    /** Undefined without colours. */
    readonly weights: ColourWeights | undefined;
    /** Undefined without colours. */
    readonly headerRules: HeaderRules | undefined;
}
