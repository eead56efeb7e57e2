import { type ACMClient, DescribeCertificateCommand } from "@aws-sdk/client-acm";
import type { CertificateState } from "../../doctor";

export async function readCertificate(acm: ACMClient, arn: string, abortSignal: AbortSignal): Promise<CertificateState> {
    const { Certificate: found } = await acm.send(new DescribeCertificateCommand({ CertificateArn: arn }), { abortSignal });
    return {
        status: found?.Status ?? "unknown",
        names: [...new Set([found?.DomainName, ...(found?.SubjectAlternativeNames ?? [])])].filter(name => name !== undefined),
        expires: found?.NotAfter,
        renews: found?.Type === "AMAZON_ISSUED",
    };
}
