import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { defaults, hostPort } from "../release/rollout";
import { after } from "./after";
import { check, isTooLongForLoadBalancing } from "./check";

export interface LoadBalancedTierArgs {
    /** Network that holds the load balancer and the instances behind it. */
    readonly vpcId: pulumi.Input<string>;
    /** Public subnets of the load balancer, in at least two availability zones. */
    readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
    /** Path that answers 200 when, and only when, an instance can serve. */
    readonly healthPath: string;
    /** Certificate of the HTTPS listener; port 80 then redirects to 443. @default none: HTTP only */
    readonly certificateArn?: pulumi.Input<string>;
    /** Name that clients use and the certificate is for. @default the load balancer's own, for which nobody has a certificate */
    readonly domainName?: pulumi.Input<string>;
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
    /** Address of the service. */
    readonly url: pulumi.Output<string>;
    /** What a DNS record of the service's name must lead to. */
    readonly loadBalancerDnsName: pulumi.Output<string>;
    /** Group in which instances register, as the Auto Scaling group refers to it. */
    readonly targetGroupArn: pulumi.Output<string>;
    /** Group in which instances register, as CodeDeploy refers to it. */
    readonly targetGroupName: pulumi.Output<string>;
    /** Security group that instances accept requests from. */
    readonly securityGroupId: pulumi.Output<string>;
    /** `LoadBalancer` dimension of its CloudWatch metrics. */
    readonly loadBalancerDimension: pulumi.Output<string>;
    /** `TargetGroup` dimension of its CloudWatch metrics. */
    readonly targetGroupDimension: pulumi.Output<string>;
    readonly loadBalancer: aws.lb.LoadBalancer;
    readonly targetGroup: aws.lb.TargetGroup;

    /** What `opts.dependsOn` names, such as a network with its internet gateway, comes before the load balancer. */
    constructor(name: string, args: LoadBalancedTierArgs, opts?: pulumi.ComponentResourceOptions) {
        super("gapless:index:LoadBalancedTier", name, args, opts);
        const {
            vpcId, subnetIds, healthPath, certificateArn, domainName,
            drainSeconds = defaults.drainSeconds,
            healthIntervalSeconds = defaults.healthCheck.intervalSeconds,
            healthTimeoutSeconds = defaults.healthCheck.timeoutSeconds,
            idleTimeoutSeconds = defaults.idleTimeoutSeconds,
            deletionProtection = false,
        } = args;
        check(this, `LoadBalancedTier '${name}'`, [
            isTooLongForLoadBalancing(`${name}-targets`) && `the name must have at most 16 characters, got ${name.length}`,
            !healthPath.startsWith("/") && `healthPath must begin with '/', got '${healthPath}'`,
            ...timingRules(drainSeconds, healthIntervalSeconds, healthTimeoutSeconds),
        ]);
        const parent = { parent: this };

        const access = new aws.ec2.SecurityGroup(`${name}-access`, { vpcId, description: "Load balancer: who may come in" }, parent);
        this.loadBalancer = new aws.lb.LoadBalancer(`${name}-alb`, {
            loadBalancerType: "application",
            internal: false,
            subnets: subnetIds,
            securityGroups: [access.id],
            idleTimeout: idleTimeoutSeconds,
            dropInvalidHeaderFields: true,
            enableDeletionProtection: deletionProtection,
        }, { ...parent, dependsOn: after(opts) });
        this.targetGroup = new aws.lb.TargetGroup(`${name}-targets`, {
            vpcId,
            targetType: "instance",
            port: hostPort,
            protocol: "HTTP",
            deregistrationDelay: drainSeconds,
            healthCheck: {
                path: healthPath,
                protocol: "HTTP",
                port: "traffic-port",
                matcher: defaults.healthCheck.matcher,
                interval: healthIntervalSeconds,
                timeout: healthTimeoutSeconds,
                healthyThreshold: defaults.healthCheck.healthyThreshold,
                unhealthyThreshold: defaults.healthCheck.unhealthyThreshold,
            },
        }, parent);
        this.listen(name, certificateArn, access);

        this.loadBalancerDnsName = this.loadBalancer.dnsName;
        this.url = pulumi.interpolate`${certificateArn === undefined ? "http" : "https"}://${domainName ?? this.loadBalancerDnsName}`;
        this.targetGroupArn = this.targetGroup.arn;
        this.targetGroupName = this.targetGroup.name;
        this.securityGroupId = access.id;
        this.loadBalancerDimension = this.loadBalancer.arnSuffix;
        this.targetGroupDimension = this.targetGroup.arnSuffix;
        this.registerOutputs({
            url: this.url,
            loadBalancerDnsName: this.loadBalancerDnsName,
            targetGroupArn: this.targetGroupArn,
            targetGroupName: this.targetGroupName,
            securityGroupId: this.securityGroupId,
            loadBalancerDimension: this.loadBalancerDimension,
            targetGroupDimension: this.targetGroupDimension,
            loadBalancer: this.loadBalancer,
            targetGroup: this.targetGroup,
        });
    }

    /** Opens exactly the ports that are listened on. */
    private listen(name: string, certificateArn: pulumi.Input<string> | undefined, access: aws.ec2.SecurityGroup): void {
        const forward = { type: "forward", targetGroupArn: this.targetGroup.arn };
        const open = (role: string, port: number, listener: Omit<aws.lb.ListenerArgs, "loadBalancerArn" | "port">, ...earlier: readonly pulumi.Resource[]) => {
            const way = new aws.vpc.SecurityGroupIngressRule(`${name}-${role}-in`, {
                securityGroupId: access.id, cidrIpv4: "0.0.0.0/0", ipProtocol: "tcp", fromPort: port, toPort: port, description: `Anyone, ${role}`,
            }, { parent: this });
            return new aws.lb.Listener(`${name}-${role}`, { loadBalancerArn: this.loadBalancer.arn, port, ...listener }, {
                parent: this, dependsOn: [way, ...earlier],
            });
        };
        if (certificateArn === undefined) {
            open("http", 80, { protocol: "HTTP", defaultActions: [forward] });
            return;
        }
        const https = open("https", 443, {
            protocol: "HTTPS", sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06", certificateArn, defaultActions: [forward],
        });
        // After it also on a service that has answered on port 80 so far: nobody is sent to where nobody answers.
        open("http", 80, {
            protocol: "HTTP", defaultActions: [{ type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } }],
        }, https);
    }
}

function timingRules(drainSeconds: number, healthIntervalSeconds: number, healthTimeoutSeconds: number): (string | false)[] {
    return [
        (drainSeconds < 0 || drainSeconds > 3600) && `drainSeconds must be 0 to 3600, got ${drainSeconds}`,
        healthIntervalSeconds < 5 && `healthIntervalSeconds must be 5 or more, got ${healthIntervalSeconds}`,
        healthTimeoutSeconds >= healthIntervalSeconds &&
            `healthTimeoutSeconds must be below healthIntervalSeconds (${healthIntervalSeconds}), got ${healthTimeoutSeconds}`,
    ];
}
