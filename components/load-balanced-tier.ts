import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { defaults, hostPort } from "../release/rollout";
import { check, isTooLongForLoadBalancing } from "./check";
import { colourRules, type Targets } from "./colour-listener";
import type { ColoursArgs, ColourWeights, GreenTargets, HeaderRules } from "./colours";
import { joinListener } from "./existing-listener";
import { type ListenerChoice, listenerRules } from "./listener-choice";
import { makeLoadBalancer } from "./own-load-balancer";
import { rateRules } from "./web-acl";

export interface LoadBalancedTierArgs {
    /** Network that holds the load balancer and the instances behind it. */
    readonly vpcId: pulumi.Input<string>;
    /** Public subnets of the load balancer, in at least two availability zones. An existing listener's has its own. */
    readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
    /** Path that answers 200 when, and only when, an instance can serve. */
    readonly healthPath: string;
    /** How requests come in. @default HTTP only, on a load balancer of our own */
    readonly listener?: ListenerChoice;
    /** Seconds a leaving instance keeps serving its open requests. @default 20 */
    readonly drainSeconds?: number;
    /** Seconds between two health checks of an instance. @default 5 */
    readonly healthIntervalSeconds?: number;
    /** Seconds after which a health check counts as failed. @default 3 */
    readonly healthTimeoutSeconds?: number;
    /** Seconds the load balancer keeps a quiet connection; an existing one keeps its own. @default 60 */
    readonly idleTimeoutSeconds?: number;
    /**
     * Whether AWS refuses to delete the load balancer, and its logs, and with `colours` Pulumi what holds the weights; an existing load
     * balancer is not ours to delete. @default false
     */
    readonly deletionProtection?: boolean;
    /** Days that a log of every request is kept. @default no log */
    readonly accessLogs?: { readonly retentionDays: number };
    /** Whether a web ACL refuses known attacks and whoever asks too often. @default false */
    readonly webAcl?: boolean;
    /** Requests that the web ACL grants an address in five minutes. @default 2000 */
    readonly requestsPerAddress?: number;
    /**
     * Whether only CloudFront may come in, on one port. It is everybody's CloudFront: a distribution of somebody else gets through
     * by HTTP, and by HTTPS with a forged Host, as the certificate is checked against it. @default false: everyone
     */
    readonly onlyFromCloudFront?: boolean;
    /**
     * For releases that are brought to a second fleet before any client meets them: two target groups, and weights that deployments
     * change. @default one target group
     */
    readonly colours?: ColoursArgs;
}

/** The public door of a service: who may come in, and when an instance may answer. */
export class LoadBalancedTier extends pulumi.ComponentResource {
    /** Address of the service. */
    readonly url: pulumi.Output<string>;
    /** What a DNS record of the service's name must lead to. */
    readonly loadBalancerDnsName: pulumi.Output<string>;
    /** Group in which instances, or those of the colour blue, register, as the Auto Scaling group refers to it. */
    readonly targetGroupArn: pulumi.Output<string>;
    /** Group in which instances register, as CodeDeploy refers to it. */
    readonly targetGroupName: pulumi.Output<string>;
    /** Security group that instances accept requests from. */
    readonly securityGroupId: pulumi.Output<string>;
    readonly loadBalancerArn: pulumi.Output<string>;
    /** `LoadBalancer` dimension of its CloudWatch metrics. */
    readonly loadBalancerDimension: pulumi.Output<string>;
    /** `TargetGroup` dimension of its CloudWatch metrics. */
    readonly targetGroupDimension: pulumi.Output<string>;
    /** Certificate of the name for CloudFront: requested with the load balancer's own, for CloudFront alone. Else undefined. */
    readonly cloudFrontCertificateArn: pulumi.Output<string> | undefined;
    /** Undefined when it is somebody else's. */
    readonly loadBalancer: aws.lb.LoadBalancer | undefined;
    readonly targetGroup: aws.lb.TargetGroup;
    /** The second colour's target group; undefined without `colours`. */
    readonly green: GreenTargets | undefined;
    /** Where deployments change the weights of the colours; undefined without `colours`. */
    readonly weights: ColourWeights | undefined;
    /** Rules of the header `X-Gapless-Colour`; undefined without `colours`. */
    readonly headerRules: HeaderRules | undefined;

    /** What `opts.dependsOn` names, such as a network with its internet gateway, comes before the load balancer. */
    constructor(name: string, args: LoadBalancedTierArgs, opts?: pulumi.ComponentResourceOptions) {
        super("gapless:index:LoadBalancedTier", name, args, opts);
        const { listener = { protocol: "http" } } = args;
        check(this, `LoadBalancedTier '${name}'`, [
            nameRule(name, args),
            !args.healthPath.startsWith("/") && `healthPath must begin with '/', got '${args.healthPath}'`,
            ...timingRules(timingsOf(args)),
            ...listenerRules(listener, args.colours !== undefined),
            ...(args.colours ? colourRules(args.colours) : []),
            ...guardRules(args),
            ...rateRules(args),
        ]);

        this.targetGroup = this.makeTargetGroup(`${name}-targets`, args);
        const green = args.colours && this.makeTargetGroup(`${name}-targets-green`, args);
        const targets = targetsOf(args, this.targetGroup, green);
        const entrance = "existing" in listener
            ? joinListener(name, listener.existing, targets, this)
            : makeLoadBalancer(name, { ...args, listener }, targets, this, opts);

        this.url = entrance.url;
        this.loadBalancerDnsName = entrance.dnsName;
        this.loadBalancerArn = entrance.loadBalancerArn;
        this.loadBalancerDimension = entrance.dimension;
        this.securityGroupId = entrance.securityGroupId;
        this.cloudFrontCertificateArn = entrance.cloudFrontCertificateArn;
        this.loadBalancer = entrance.loadBalancer;
        this.targetGroupArn = this.targetGroup.arn;
        this.targetGroupName = this.targetGroup.name;
        this.targetGroupDimension = this.targetGroup.arnSuffix;
        this.green = green && { targetGroupArn: green.arn, targetGroupName: green.name, targetGroupDimension: green.arnSuffix, targetGroup: green };
        this.weights = entrance.weights;
        this.headerRules = entrance.headerRules;
        this.registerOutputs({
            url: this.url,
            loadBalancerDnsName: this.loadBalancerDnsName,
            loadBalancerArn: this.loadBalancerArn,
            targetGroupArn: this.targetGroupArn,
            targetGroupName: this.targetGroupName,
            securityGroupId: this.securityGroupId,
            loadBalancerDimension: this.loadBalancerDimension,
            targetGroupDimension: this.targetGroupDimension,
            cloudFrontCertificateArn: this.cloudFrontCertificateArn,
            loadBalancer: this.loadBalancer,
            targetGroup: this.targetGroup,
            green: this.green,
            weights: this.weights,
            headerRules: this.headerRules,
        });
    }

    private makeTargetGroup(logicalName: string, args: LoadBalancedTierArgs): aws.lb.TargetGroup {
        const { drainSeconds, healthIntervalSeconds, healthTimeoutSeconds } = timingsOf(args);
        return new aws.lb.TargetGroup(logicalName, {
            vpcId: args.vpcId,
            targetType: "instance",
            port: hostPort,
            protocol: "HTTP",
            deregistrationDelay: drainSeconds,
            healthCheck: {
                path: args.healthPath,
                protocol: "HTTP",
                port: "traffic-port",
                matcher: defaults.healthCheck.matcher,
                interval: healthIntervalSeconds,
                timeout: healthTimeoutSeconds,
                healthyThreshold: defaults.healthCheck.healthyThreshold,
                unhealthyThreshold: defaults.healthCheck.unhealthyThreshold,
            },
        }, { parent: this });
    }
}

function targetsOf({ colours, deletionProtection = false }: LoadBalancedTierArgs, blue: aws.lb.TargetGroup, green: aws.lb.TargetGroup | undefined): Targets {
    return colours === undefined || green === undefined ? { group: blue } : { ...colours, groups: { blue, green }, isProtected: deletionProtection };
}

function nameRule(name: string, { colours }: LoadBalancedTierArgs): string | false {
    const [longest, most] = colours === undefined ? ["-targets", 16] as const : ["-targets-green", 10] as const;
    return isTooLongForLoadBalancing(`${name}${longest}`) && `the name must have at most ${most} characters${colours ? " with colours" : ""}, got ${name.length}`;
}

type Timings = Required<Pick<LoadBalancedTierArgs, "idleTimeoutSeconds" | "drainSeconds" | "healthIntervalSeconds" | "healthTimeoutSeconds">>;

function timingsOf({
    idleTimeoutSeconds = defaults.idleTimeoutSeconds,
    drainSeconds = defaults.drainSeconds,
    healthIntervalSeconds = defaults.healthCheck.intervalSeconds,
    healthTimeoutSeconds = defaults.healthCheck.timeoutSeconds,
}: LoadBalancedTierArgs): Timings {
    return { idleTimeoutSeconds, drainSeconds, healthIntervalSeconds, healthTimeoutSeconds };
}

function timingRules({ idleTimeoutSeconds, drainSeconds, healthIntervalSeconds, healthTimeoutSeconds }: Timings): readonly (string | false)[] {
    return [
        (idleTimeoutSeconds < 1 || idleTimeoutSeconds > 4000) && `idleTimeoutSeconds must be 1 to 4000, got ${idleTimeoutSeconds}`,
        (drainSeconds < 0 || drainSeconds > 3600) && `drainSeconds must be 0 to 3600, got ${drainSeconds}`,
        healthIntervalSeconds < 5 && `healthIntervalSeconds must be 5 or more, got ${healthIntervalSeconds}`,
        healthTimeoutSeconds >= healthIntervalSeconds &&
            `healthTimeoutSeconds must be below healthIntervalSeconds (${healthIntervalSeconds}), got ${healthTimeoutSeconds}`,
    ];
}

/** An existing load balancer's guards are its owner's; and behind CloudFront an ACL would see CloudFront's addresses only. */
function guardRules({ listener, accessLogs, webAcl = false, onlyFromCloudFront = false }: LoadBalancedTierArgs): readonly (string | false)[] {
    const given = { accessLogs: accessLogs !== undefined, webAcl, onlyFromCloudFront };
    const idle = Object.entries(given).filter(([, isGiven]) => isGiven).map(([argument]) => argument);
    return [
        listener !== undefined && "existing" in listener && idle.length > 0 &&
            `${idle.join(", ")} must not be set with listener.existing: its load balancer is not ours to change`,
        webAcl && onlyFromCloudFront && "webAcl must not be set with onlyFromCloudFront: there every request has an address of CloudFront's, so give the ACL to ContentDelivery",
        accessLogs !== undefined && !(accessLogs.retentionDays >= 1) && `accessLogs.retentionDays must be 1 or more, got ${accessLogs.retentionDays}`,
    ];
}
