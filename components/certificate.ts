import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** Region of the certificates and web ACLs of CloudFront. @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html */
export const cloudFrontRegion = "us-east-1";

export interface CertificateArgs {
    /** Name that the certificate is for. */
    readonly domainName: string;
    /** Public Route 53 zone that the name belongs to. */
    readonly zoneId: pulumi.Input<string>;
    /** Whether CloudFront, too, gets a certificate of the name. */
    readonly forCloudFront: boolean;
}

export interface Certificates {
    /** Known once the certificate is issued. */
    readonly arn: pulumi.Output<string>;
    /** The same, for CloudFront; undefined when none was asked for. */
    readonly cloudFrontArn: pulumi.Output<string> | undefined;
}

/** Requests a certificate and proves by a record in the zone that the name is ours. AWS renews it as long as the record is there. */
export function requestCertificates(name: string, { domainName, zoneId, forCloudFront }: CertificateArgs, parent: pulumi.Resource): Certificates {
    const request = { domainName, validationMethod: "DNS" };
    const certificate = new aws.acm.Certificate(`${name}-certificate`, request, { parent });
    const proof = certificate.domainValidationOptions.apply(([option]) => {
        if (!option) throw new Error(`ACM asks for no proof of ${domainName}`);
        return option;
    });
    // No `allowOverwrite`: whose record we took over would lose it when we go, and with it the next renewal.
    const record = new aws.route53.Record(`${name}-certificate-proof`, {
        zoneId, name: proof.resourceRecordName, type: proof.resourceRecordType, records: [proof.resourceRecordValue], ttl: 300,
    }, { parent });
    const issued = (role: string, certificateArn: pulumi.Output<string>, where: { region?: string }) =>
        new aws.acm.CertificateValidation(`${name}-${role}-issued`, {
            ...where, certificateArn, validationRecordFqdns: [record.fqdn],
        }, { parent }).certificateArn;
    const arn = issued("certificate", certificate.arn, {});
    if (!forCloudFront) return { arn, cloudFrontArn: undefined };

    // ACM asks an account for the same record in every region, so one proves both.
    const region = cloudFrontRegion;
    const second = new aws.acm.Certificate(`${name}-cdn-certificate`, { ...request, region }, { parent });
    return { arn, cloudFrontArn: issued("cdn-certificate", second.arn, { region }) };
}
