import type * as pulumi from "@pulumi/pulumi";
import { colours } from "../release/blue-green/colour";

/** How requests come in: on a load balancer of our own, by HTTP or HTTPS, or on a listener that is there already. */
export type ListenerChoice = HttpListener | GivenCertificate | RequestedCertificate | ExistingListener;

export interface HttpListener {
    readonly protocol: "http";
    /** Name that clients use. @default the load balancer's own */
    readonly domainName?: string;
}

export interface GivenCertificate {
    readonly protocol: "https";
    /** Certificate of the HTTPS listener, in the load balancer's region; port 80 then redirects to 443. */
    readonly certificateArn: pulumi.Input<string>;
    /** Name that clients use and the certificate is for. @default the load balancer's own, for which nobody has a certificate */
    readonly domainName?: string;
}

export interface RequestedCertificate {
    readonly protocol: "https";
    /** Public Route 53 zone that `domainName` belongs to: proves the certificate, and gets the alias record of the name. */
    readonly zoneId: pulumi.Input<string>;
    /** Name that clients use. */
    readonly domainName: string;
}

export interface ExistingListener {
    readonly existing: {
        /** Listener of an Application Load Balancer in the instances' network. */
        readonly listenerArn: pulumi.Input<string>;
        /** Place of our rule among the listener's, 1 to 50000; no other rule may have it, nor, with colours, the two before it. */
        readonly priority: number;
        /** Names that are ours, such as `shop.example.com` or `*.example.com`. @default every name */
        readonly hosts?: readonly string[];
        /** Paths that are ours, such as `/shop/*`. @default every path */
        readonly paths?: readonly string[];
    };
}

/** Rules of the header by which a request reaches a colour: one a colour, right before the rule with the weights. */
export const headerRuleCount = colours.length;
/** Values that all conditions of a rule may have together. @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html */
const valuesPerRule = 5;
/** Characters of a host or path pattern. @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RuleCondition.html */
const longestPattern = 128;
/** Characters of a certificate's first name. @see https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html */
const longestCertificateName = 64;

/** What is wrong with a choice, for one target group or for two colours. */
export function listenerRules(listener: ListenerChoice, hasColours: boolean): readonly (string | false)[] {
    if ("existing" in listener) return existingRules(listener.existing, hasColours);
    const { domainName } = listener;
    return [
        domainName !== undefined && !isDomainName(domainName) && `listener.domainName must be a name such as 'shop.example.com', got '${domainName}'`,
        "zoneId" in listener && listener.domainName.length > longestCertificateName &&
            `listener.domainName must have at most ${longestCertificateName} characters for a certificate, got ${listener.domainName.length}`,
    ];
}

function existingRules({ listenerArn, priority, hosts = [], paths = [] }: ExistingListener["existing"], hasColours: boolean): readonly (string | false)[] {
    const first = hasColours ? 1 + headerRuleCount : 1;
    return [
        // An ARN that another resource yields is known too late to be looked at here.
        typeof listenerArn === "string" && !/^arn:[^:]+:elasticloadbalancing:[^:]+:\d{12}:listener\/app\//.test(listenerArn) &&
            `listener.existing.listenerArn must be that of an Application Load Balancer's listener, got '${listenerArn}'`,
        (!Number.isInteger(priority) || priority < first || priority > 50_000) &&
            `listener.existing.priority must be ${first} to 50000${hasColours ? " with colours, whose header's rules come right before it" : ""}, got ${priority}`,
        ...conditionRules(hosts, paths, hasColours),
    ];
}

function conditionRules(hosts: readonly string[], paths: readonly string[], hasColours: boolean): readonly (string | false)[] {
    const values = [...hosts, ...paths];
    const most = hasColours ? valuesPerRule - 1 : valuesPerRule;
    const tooLong = values.filter(value => value.length > longestPattern);
    const notPaths = paths.filter(path => !/^[/*]/.test(path));
    return [
        values.length === 0 && "listener.existing needs hosts or paths: a rule without a condition would take every request",
        values.length > most &&
            `listener.existing must have at most ${most} hosts and paths together${hasColours ? " with colours, since the header counts, too" : ""}, got ${values.length}`,
        notPaths.length > 0 && `listener.existing.paths must begin with '/' or '*', got '${notPaths.join("', '")}'`,
        tooLong.length > 0 && `listener.existing.hosts and .paths must have at most ${longestPattern} characters, got '${tooLong.join("', '")}'`,
    ];
}

/** Whether a text is a full DNS name without a wildcard. */
export function isDomainName(text: string): boolean {
    return /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/.test(text);
}
