import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { findingsOn, listener, said, sample, type Said, type Stack } from "../findings";

const certificate = { certificateArn: sample.certificateArn, domainName: "shop.example.com" };
const zone = { zoneName: "example.com", domainName: "shop.example.com" };

describe("the rules of the front door", () => {
    const rows: readonly [string, Stack, readonly Said[]][] = [
        ["warn of requests longer than another's load balancer may wait, by advice for its owner", { given: { ...listener, longestRequestSeconds: 70, drainSeconds: 70, stopGraceSeconds: 70 } }, [
            ["warning", "gapless:longestRequestSeconds", "should be at most 60 beside listenerArn: a load balancer whose owner has not set its idle timeout answers 504 when nothing was sent for so long", "70",
                "see that its owner has set an idle timeout of 70 to 74 s, unless the service sends a part of its answer in between"],
        ]],
        ["warn of requests so long beside another's load balancer that it would have to keep connections for longer than the service", { given: { ...listener, longestRequestSeconds: 75, drainSeconds: 75, stopGraceSeconds: 75 } }, [
            ["warning", "gapless:longestRequestSeconds", "should be at most 60 beside listenerArn: a load balancer whose owner has not set its idle timeout answers 504 when nothing was sent for so long", "75",
                "set longestRequestSeconds to 74 or less and see that its owner has set an idle timeout of as much, unless the service sends a part of its answer in between"],
        ]],
        ["refuse HTTP in prod that nobody has said", { stage: "prod", given: {} }, [
            ["error", "gapless:httpOnly", "must be true in prod without encryption: everybody on the way reads and changes what users send", "false",
                "set zoneName and domainName, or certificateArn; or say that this is meant with httpOnly: true"],
        ]],
        ["warn of HTTP in prod that somebody has said", { stage: "prod", given: { httpOnly: true } }, [
            ["warning", "gapless:certificateArn", "should be set in prod: the service is HTTP ONLY, and everybody on the way reads and changes what users send", "nothing",
                "set zoneName and domainName, or certificateArn"],
        ]],
        ["warn of HTTP in stg", { stage: "stg", given: {} }, [
            ["warning", "gapless:certificateArn", "should be set in stg: the service is HTTP ONLY, and everybody on the way reads and changes what users send", "nothing",
                "set zoneName and domainName, or certificateArn"],
        ]],
        ["warn of HTTP in stg that somebody has said", { stage: "stg", given: { httpOnly: true } }, [
            ["warning", "gapless:certificateArn", "should be set in stg: the service is HTTP ONLY, and everybody on the way reads and changes what users send", "nothing",
                "set zoneName and domainName, or certificateArn"],
        ]],
        ["refuse HTTP only beside a certificate", { given: { ...certificate, httpOnly: true } }, [
            ["error", "gapless:httpOnly", "must be false beside certificateArn: the service is encrypted", "true",
                "set httpOnly to false"],
        ]],
        ["refuse HTTP only beside a zone", { given: { ...zone, httpOnly: true } }, [
            ["error", "gapless:httpOnly", "must be false beside zoneName: the service is encrypted", "true",
                "set httpOnly to false"],
        ]],
        ["refuse a zone beside a certificate", { given: { ...zone, certificateArn: sample.certificateArn } }, [
            ["error", "gapless:zoneName", "must not be set beside certificateArn: a certificate is requested in the zone, or given", '"example.com"',
                "remove zoneName or certificateArn"],
        ]],
        ["miss the name in a zone", { given: { zoneName: "example.com" } }, [
            ["error", "gapless:domainName", "must be set beside zoneName: the certificate and the record are for it", "nothing",
                "set domainName to example.com or a name below it"],
        ]],
        ["refuse a name outside of its zone, be it ever so alike", { given: { zoneName: "example.com", domainName: "shop.notexample.com" } }, [
            ["error", "gapless:domainName", "must lie in zoneName (example.com)", '"shop.notexample.com"',
                "set domainName to example.com or a name below it, or zoneName to the zone that holds shop.notexample.com"],
        ]],
        ["refuse a name in a zone that is too long for a certificate", { given: { zoneName: "example.com", domainName: `${"a".repeat(53)}.example.com` } }, [
            ["error", "gapless:domainName", "must have at most 64 characters beside zoneName: ACM takes no more for a certificate's first name", `"${"a".repeat(53)}.example.com"`,
                "set a shorter domainName, or certificateArn to a certificate that names it second"],
        ]],
        ["warn of a certificate for a name that nobody knows", { given: { certificateArn: sample.certificateArn } }, [
            ["warning", "gapless:domainName", "should be set beside certificateArn: no certificate is for the load balancer's own name", "nothing",
                "set domainName to the name that clients use and the certificate is for"],
        ]],
        ["say what is not done to another's load balancer", { given: { ...listener, ...zone, accessLogs: true, waf: true, cloudFront: true, cloudFrontCertificateArn: sample.cloudFrontCertificateArn } }, [
            ["error", "gapless:zoneName", "has no effect beside listenerArn: certificates, logs and guards of another's load balancer are its owner's", '"example.com"',
                "remove it, or listenerArn"],
            ["error", "gapless:accessLogs", "has no effect beside listenerArn: certificates, logs and guards of another's load balancer are its owner's", "true",
                "remove it, or listenerArn"],
            ["error", "gapless:waf", "has no effect beside listenerArn: certificates, logs and guards of another's load balancer are its owner's", "true",
                "remove it, or listenerArn"],
            ["error", "gapless:cloudFront", "has no effect beside listenerArn: certificates, logs and guards of another's load balancer are its owner's", "true",
                "remove it, or listenerArn"],
        ]],
        ["refuse a certificate for another's load balancer", { given: { ...listener, ...certificate } }, [
            ["error", "gapless:certificateArn", "has no effect beside listenerArn: certificates, logs and guards of another's load balancer are its owner's", '"arn:aws:acm:eu-central-1:111122223333:certificate/12345678-1234-1234-1234-123456789012"',
                "remove it, or listenerArn"],
        ]],
        ["warn of what another's load balancer has already", { given: { ...listener, domainName: "shop.example.com", idleTimeoutSeconds: 30 } }, [
            ["warning", "gapless:domainName", "has no effect beside listenerArn: the load balancer is another's", '"shop.example.com"',
                "remove it, or listenerArn"],
            ["warning", "gapless:idleTimeoutSeconds", "has no effect beside listenerArn: the load balancer is another's", "30",
                "remove it, or listenerArn"],
        ]],
        ["miss the listener of a rule", { given: { listenerPriority: 1, listenerHosts: ["shop.example.com"], listenerPaths: ["/shop"] } }, [
            ["error", "gapless:listenerPriority", "has no effect without listenerArn: the stack would make a load balancer of its own", "1",
                "set listenerArn to the ARN of the listener"],
            ["error", "gapless:listenerHosts", "has no effect without listenerArn: the stack would make a load balancer of its own", '["shop.example.com"]',
                "set listenerArn to the ARN of the listener"],
            ["error", "gapless:listenerPaths", "has no effect without listenerArn: the stack would make a load balancer of its own", '["/shop"]',
                "set listenerArn to the ARN of the listener"],
        ]],
        ["miss priority, conditions and network of a rule", { given: { listenerArn: sample.listenerArn } }, [
            ["error", "gapless:listenerPriority", "must be set beside listenerArn", "nothing",
                "set listenerPriority to a number that no other rule of the listener has"],
            ["error", "gapless:listenerHosts", "must not be empty beside listenerArn, unless listenerPaths is set: the rule would take every request of the listener", "[]",
                "set listenerHosts to the names of the service, or listenerPaths to its paths"],
            ["error", "gapless:vpcId", "must be set beside listenerArn: the hosts must be where the load balancer is", "nothing",
                "set vpcId to the network of the listener's load balancer, and hostSubnetIds"],
        ]],
        ["refuse more conditions than a rule takes", { given: { ...listener, listenerPaths: ["/a", "/b", "/c", "/d", "/e"] } }, [
            ["error", "gapless:listenerPaths", "must be five entries at most together with listenerHosts (1): that is what a rule takes", '["/a","/b","/c","/d","/e"]',
                "join entries by wildcards such as /shop/*"],
        ]],
        ["warn of what is not encrypted behind CloudFront, and only of that", { stage: "prod", given: { cloudFront: true } }, [
            ["warning", "gapless:certificateArn", "should be set in prod behind CloudFront, too: clients come by HTTPS, but from CloudFront to the load balancer everybody on the way reads and changes what they send", "nothing",
                "set zoneName and domainName, or certificateArn"],
        ]],
        ["refuse a certificate for CloudFront beside the zone in which one is requested", { given: { ...zone, cloudFront: true, cloudFrontCertificateArn: sample.cloudFrontCertificateArn } }, [
            ["error", "gapless:cloudFrontCertificateArn", "must not be set beside zoneName, in which one is requested", '"arn:aws:acm:us-east-1:111122223333:certificate/12345678-1234-1234-1234-123456789012"',
                "remove cloudFrontCertificateArn"],
        ]],
        ["warn of CloudFront's certificate without CloudFront", { given: { cloudFrontCertificateArn: sample.cloudFrontCertificateArn } }, [
            ["warning", "gapless:cloudFrontCertificateArn", "has no effect without cloudFront", '"arn:aws:acm:us-east-1:111122223333:certificate/12345678-1234-1234-1234-123456789012"',
                "remove it, or set cloudFront to true"],
        ]],
        ["miss the name of CloudFront's certificate", { given: { cloudFront: true, cloudFrontCertificateArn: sample.cloudFrontCertificateArn } }, [
            ["error", "gapless:domainName", "must be set beside cloudFrontCertificateArn: CloudFront takes a certificate for a name only", "nothing",
                "set domainName to the name that clients use"],
        ]],
        ["miss CloudFront's certificate for the name", { given: { cloudFront: true, domainName: "shop.example.com" } }, [
            ["error", "gapless:cloudFrontCertificateArn", "must be set for CloudFront to answer to domainName (shop.example.com)", "nothing",
                "set zoneName, in which one is requested, or cloudFrontCertificateArn to the ARN of a certificate for that name in us-east-1"],
        ]],
        ["miss CloudFront's certificate beside that of the load balancer, and say so once", { given: { cloudFront: true, ...certificate } }, [
            ["error", "gapless:cloudFrontCertificateArn", "must be set for CloudFront to answer to domainName (shop.example.com)", "nothing",
                "set zoneName, in which one is requested, or cloudFrontCertificateArn to the ARN of a certificate for that name in us-east-1"],
        ]],
        ["refuse a certificate behind CloudFront that no name leads to", { given: { cloudFront: true, certificateArn: sample.certificateArn } }, [
            ["error", "gapless:certificateArn", "must come with domainName and cloudFrontCertificateArn behind CloudFront: it asks the load balancer for the name that clients use, and checks the certificate against it", '"arn:aws:acm:eu-central-1:111122223333:certificate/12345678-1234-1234-1234-123456789012"',
                "set domainName and cloudFrontCertificateArn, or remove certificateArn"],
        ]],
        ["refuse to close connections that CloudFront still keeps", { given: { cloudFront: true, idleTimeoutSeconds: 5 } }, [
            ["error", "gapless:idleTimeoutSeconds", "must be at least 6 behind CloudFront, which keeps a quiet connection for 5 s", "5",
                "set idleTimeoutSeconds to 6 or more"],
        ]],
        ["refuse a certificate for CloudFront in another region than its own", { given: { cloudFront: true, domainName: "shop.example.com", cloudFrontCertificateArn: sample.certificateArn } }, [
            ["error", "gapless:cloudFrontCertificateArn", "must be a certificate in us-east-1: CloudFront takes no other", '"arn:aws:acm:eu-central-1:111122223333:certificate/12345678-1234-1234-1234-123456789012"',
                "request the certificate in us-east-1"],
        ]],
    ];
    for (const [title, stack, findings] of rows) {
        it(title, () => { assert.deepEqual(said(findingsOn(stack)), findings); });
    }
});
