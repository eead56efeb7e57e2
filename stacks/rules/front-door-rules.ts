import type { Finding } from "../../release/lint";
import { keepAliveSeconds } from "../../release/rollout";
import type { Settings } from "../settings";
import { error, rule, type SettingsRule, unused, warning } from "./rule";

const onlyOfOwnBalancer = ["certificateArn", "zoneName", "accessLogs", "waf", "cloudFront"] as const;
const onlyOfListenerRule = ["listenerPriority", "listenerHosts", "listenerPaths"] as const;

/** Seconds: the load balancer must not close a connection before CloudFront does. */
const leastBehindCloudFront = 6;

/** Seconds after which a load balancer closes an idle connection unless somebody says otherwise. */
const idleTimeoutOfAws = 60;

/** How clients come in. */
export const frontDoorRules: readonly SettingsRule[] = [
    rule(["stage", "certificateArn", "zoneName", "listenerArn", "httpOnly", "cloudFront"], ({ stage, certificateArn, zoneName, listenerArn, httpOnly, cloudFront }) =>
        certificateArn === undefined && zoneName === undefined && listenerArn === undefined && !cloudFront && httpProblem({ stage, httpOnly })),
    rule(["stage", "certificateArn", "zoneName", "cloudFront"], ({ stage, certificateArn, zoneName, cloudFront }) =>
        cloudFront && certificateArn === undefined && zoneName === undefined && stage !== "dev"
        && warning("certificateArn", certificateArn, `should be set in ${stage} behind CloudFront, too: clients come by HTTPS, but from CloudFront to the load balancer everybody on the way reads and changes what they send`,
            encrypt.fix)),
    rule(["certificateArn", "zoneName", "httpOnly"], ({ certificateArn, zoneName, httpOnly }) =>
        httpOnly && (certificateArn !== undefined || zoneName !== undefined)
        && error("httpOnly", httpOnly, `must be false beside ${certificateArn === undefined ? "zoneName" : "certificateArn"}: the service is encrypted`, "set httpOnly to false")),

    rule(["zoneName", "certificateArn"], ({ zoneName, certificateArn }) =>
        zoneName !== undefined && certificateArn !== undefined
        && error("zoneName", zoneName, "must not be set beside certificateArn: a certificate is requested in the zone, or given", "remove zoneName or certificateArn")),
    rule(["zoneName", "domainName"], ({ zoneName, domainName }) =>
        zoneName !== undefined && domainName === undefined
        && error("domainName", domainName, "must be set beside zoneName: the certificate and the record are for it", `set domainName to ${zoneName} or a name below it`)),
    rule(["zoneName", "domainName"], ({ zoneName, domainName }) =>
        zoneName !== undefined && domainName !== undefined && domainName !== zoneName && !domainName.endsWith(`.${zoneName}`)
        && error("domainName", domainName, `must lie in zoneName (${zoneName})`, `set domainName to ${zoneName} or a name below it, or zoneName to the zone that holds ${domainName}`)),
    rule(["zoneName", "domainName"], ({ zoneName, domainName }) =>
        zoneName !== undefined && domainName !== undefined && domainName.length > 64
        && error("domainName", domainName, "must have at most 64 characters beside zoneName: ACM takes no more for a certificate's first name",
            "set a shorter domainName, or certificateArn to a certificate that names it second")),
    rule(["certificateArn", "domainName"], ({ certificateArn, domainName }) =>
        certificateArn !== undefined && domainName === undefined
        && warning("domainName", domainName, "should be set beside certificateArn: no certificate is for the load balancer's own name",
            "set domainName to the name that clients use and the certificate is for")),

    ...unused("error", onlyOfOwnBalancer, ["listenerArn"], ({ listenerArn }) =>
        listenerArn !== undefined && { because: "beside listenerArn: certificates, logs and guards of another's load balancer are its owner's", fix: "remove it, or listenerArn" }),
    ...unused("warning", ["domainName", "idleTimeoutSeconds"], ["listenerArn"], ({ listenerArn }) =>
        listenerArn !== undefined && { because: "beside listenerArn: the load balancer is another's", fix: "remove it, or listenerArn" }),
    rule(["listenerArn", "longestRequestSeconds"], ({ listenerArn, longestRequestSeconds }) =>
        listenerArn !== undefined && longestRequestSeconds > idleTimeoutOfAws
        && warning("longestRequestSeconds", longestRequestSeconds,
            `should be at most ${idleTimeoutOfAws} beside listenerArn: a load balancer whose owner has not set its idle timeout answers 504 when nothing was sent for so long`,
            `${longestRequestSeconds < keepAliveSeconds
                ? `see that its owner has set an idle timeout of ${longestRequestSeconds} to ${keepAliveSeconds - 1} s`
                : `set longestRequestSeconds to ${keepAliveSeconds - 1} or less and see that its owner has set an idle timeout of as much`}, `
            + "unless the service sends a part of its answer in between")),
    ...unused("error", onlyOfListenerRule, ["listenerArn"], ({ listenerArn }) =>
        listenerArn === undefined && { because: "without listenerArn: the stack would make a load balancer of its own", fix: "set listenerArn to the ARN of the listener" }),
    rule(["listenerArn", "listenerPriority"], ({ listenerArn, listenerPriority }) =>
        listenerArn !== undefined && listenerPriority === undefined
        && error("listenerPriority", listenerPriority, "must be set beside listenerArn", "set listenerPriority to a number that no other rule of the listener has")),
    rule(["listenerArn", "listenerHosts", "listenerPaths"], ({ listenerArn, listenerHosts, listenerPaths }) =>
        listenerArn !== undefined && listenerHosts.length + listenerPaths.length === 0
        && error("listenerHosts", listenerHosts, "must not be empty beside listenerArn, unless listenerPaths is set: the rule would take every request of the listener",
            "set listenerHosts to the names of the service, or listenerPaths to its paths")),
    rule(["listenerHosts", "listenerPaths"], ({ listenerHosts, listenerPaths }) =>
        listenerHosts.length + listenerPaths.length > 5
        && error("listenerPaths", listenerPaths, `must be five entries at most together with listenerHosts (${listenerHosts.length}): that is what a rule takes`,
            "join entries by wildcards such as /shop/*")),
    rule(["listenerArn", "vpcId"], ({ listenerArn, vpcId }) =>
        listenerArn !== undefined && vpcId === undefined
        && error("vpcId", vpcId, "must be set beside listenerArn: the hosts must be where the load balancer is", "set vpcId to the network of the listener's load balancer, and hostSubnetIds")),

    ...unused("warning", ["cloudFrontCertificateArn"], ["cloudFront"], ({ cloudFront }) => !cloudFront && { because: "without cloudFront", fix: "remove it, or set cloudFront to true" }),
    rule(["cloudFront", "cloudFrontCertificateArn", "domainName"], ({ cloudFront, cloudFrontCertificateArn, domainName }) =>
        cloudFront && cloudFrontCertificateArn !== undefined && domainName === undefined
        && error("domainName", domainName, "must be set beside cloudFrontCertificateArn: CloudFront takes a certificate for a name only", "set domainName to the name that clients use")),
    rule(["cloudFront", "cloudFrontCertificateArn", "domainName", "zoneName"], ({ cloudFront, cloudFrontCertificateArn, domainName, zoneName }) =>
        cloudFront && cloudFrontCertificateArn === undefined && domainName !== undefined && zoneName === undefined
        && error("cloudFrontCertificateArn", cloudFrontCertificateArn, `must be set for CloudFront to answer to domainName (${domainName})`,
            "set zoneName, in which one is requested, or cloudFrontCertificateArn to the ARN of a certificate for that name in us-east-1")),
    rule(["cloudFront", "cloudFrontCertificateArn", "zoneName", "listenerArn"], ({ cloudFront, cloudFrontCertificateArn, zoneName, listenerArn }) =>
        cloudFront && cloudFrontCertificateArn !== undefined && zoneName !== undefined && listenerArn === undefined
        && error("cloudFrontCertificateArn", cloudFrontCertificateArn, "must not be set beside zoneName, in which one is requested", "remove cloudFrontCertificateArn")),
    rule(["cloudFront", "cloudFrontCertificateArn", "certificateArn", "domainName"], ({ cloudFront, cloudFrontCertificateArn, certificateArn, domainName }) =>
        cloudFront && certificateArn !== undefined && domainName === undefined && cloudFrontCertificateArn === undefined
        && error("certificateArn", certificateArn, "must come with domainName and cloudFrontCertificateArn behind CloudFront: it asks the load balancer for the name that clients use, and checks the certificate against it",
            "set domainName and cloudFrontCertificateArn, or remove certificateArn")),
    rule(["cloudFront", "idleTimeoutSeconds"], ({ cloudFront, idleTimeoutSeconds }) =>
        cloudFront && idleTimeoutSeconds < leastBehindCloudFront
        && error("idleTimeoutSeconds", idleTimeoutSeconds, `must be at least ${leastBehindCloudFront} behind CloudFront, which keeps a quiet connection for ${leastBehindCloudFront - 1} s`,
            `set idleTimeoutSeconds to ${leastBehindCloudFront} or more`)),
    rule(["cloudFrontCertificateArn"], ({ cloudFrontCertificateArn: arn }) =>
        arn !== undefined && arn.split(":")[3] !== "us-east-1"
        && error("cloudFrontCertificateArn", arn, "must be a certificate in us-east-1: CloudFront takes no other", "request the certificate in us-east-1")),
];

/** What a service without encryption should change. */
export interface HttpAdvice {
    readonly key: keyof Settings;
    readonly value?: unknown;
    readonly should: string;
    readonly fix: string;
}

const encrypt: HttpAdvice = { key: "certificateArn", should: "should be set", fix: "set zoneName and domainName, or certificateArn" };

/** HTTP only is fine for trying, must be meant in prod, and is never passed over in silence outside dev. */
export function httpProblem({ stage, httpOnly }: Pick<Settings, "stage" | "httpOnly">, { key, value, should, fix } = encrypt): Finding | false {
    if (stage === "dev") return false;
    if (stage === "prod" && !httpOnly) {
        return error("httpOnly", httpOnly, "must be true in prod without encryption: everybody on the way reads and changes what users send",
            `${fix}; or say that this is meant with httpOnly: true`);
    }
    return warning(key, value, `${should} in ${stage}: the service is HTTP ONLY, and everybody on the way reads and changes what users send`, fix);
}
