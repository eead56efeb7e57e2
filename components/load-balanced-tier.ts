import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface LoadBalancedTierArgs {
    /** Network that holds the load balancer and the instances behind it. */
    readonly vpcId: pulumi.Input<string>;
    /** Public subnets of the load balancer, in at least two availability zones. */
    readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
    /** Port on which an instance answers. */
    readonly containerPort: number;
    /** Path that answers 200 when, and only when, an instance can serve. */
    readonly healthPath: string;
    /** Certificate of the HTTPS listener; port 80 then redirects to 443. @default none: HTTP only */
    readonly certificateArn?: pulumi.Input<string>;
    /** Seconds a leaving instance keeps serving its open requests. @default 20 */
    readonly drainSeconds?: number;
    /** Seconds between two health checks of an instance. @default 5 */
    readonly healthIntervalSeconds?: number;
    /** Seconds after which a health check counts as failed. @default 3 */
    readonly healthTimeoutSeconds?: number;
    /** Seconds the load balancer keeps a quiet connection. @default 60 */
    readonly idleTimeoutSeconds?: number;
    /** Whether AWS refuses to delete the load balancer. @default false */
    readonly deletionProtection?: boolean;
}

/** The public door of a service: who may come in, and when an instance may answer. */
export class LoadBalancedTier extends pulumi.ComponentResource {
    /** Address of the service for its users. */
    readonly url!: pulumi.Output<string>;
    /** Group in which instances register, for the Auto Scaling group. */
    readonly targetGroupArn!: pulumi.Output<string>;
    /** Group in which instances register, as CodeDeploy refers to it. */
    readonly targetGroupName!: pulumi.Output<string>;
    /** Group from which instances accept requests. */
    readonly securityGroupId!: pulumi.Output<string>;
    /** `LoadBalancer` dimension of its CloudWatch metrics. */
    readonly loadBalancerDimension!: pulumi.Output<string>;
    /** `TargetGroup` dimension of its CloudWatch metrics. */
    readonly targetGroupDimension!: pulumi.Output<string>;
    readonly loadBalancer!: aws.lb.LoadBalancer;
    readonly targetGroup!: aws.lb.TargetGroup;

    constructor(name: string, args: LoadBalancedTierArgs, opts?: pulumi.ComponentResourceOptions) {
        super("gapless:index:LoadBalancedTier", name, args, opts);
    }
}
