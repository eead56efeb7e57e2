import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { type CertificateArgs, type Certificates, requestCertificates } from "../../components/certificate";
import { registered, type Registered } from "../support/registered";

/** A component of its own, to see what the certificates tell. */
class Holder extends pulumi.ComponentResource {
    constructor(args: CertificateArgs) {
        super("test:index:Holder", "holder");
        const { arn, cloudFrontArn }: Certificates = requestCertificates("web", args, this);
        this.registerOutputs({ arn, cloudFrontArn });
    }
}

const request = (forCloudFront: boolean) => registered(() => { new Holder({ domainName: "shop.example.com", zoneId: "Z1", forCloudFront }); });

describe("a requested certificate", () => {
    let made: Registered;
    before(async () => { made = await request(false); });

    it("is proven by a record in the zone", () => {
        assert.deepEqual(made.named("web-certificate").inputs, { domainName: "shop.example.com", validationMethod: "DNS" });
        const [option] = made.named("web-certificate").outputs["domainValidationOptions"] as Record<string, string>[];
        assert.deepEqual(made.named("web-certificate-proof").inputs, {
            zoneId: "Z1", name: option?.["resourceRecordName"], type: "CNAME", records: [option?.["resourceRecordValue"]], ttl: 300,
        });
        assert.deepEqual(made.named("web-certificate-issued").inputs, {
            certificateArn: made.named("web-certificate").outputs["arn"], validationRecordFqdns: [made.named("web-certificate-proof").outputs["fqdn"]],
        });
    });

    it("is the only one unless CloudFront needs one", () => {
        assert.equal(made.ofType("aws:acm/certificate:Certificate").length, 1);
        const { arn, cloudFrontArn } = made.named("holder").outputs;
        assert.deepEqual({ arn, cloudFrontArn }, { arn: made.named("web-certificate").outputs["arn"], cloudFrontArn: undefined });
    });

    it("comes a second time for CloudFront, in its region and by the same record", async () => {
        const made = await request(true);
        assert.deepEqual(made.named("web-cdn-certificate").inputs, { domainName: "shop.example.com", validationMethod: "DNS", region: "us-east-1" });
        assert.deepEqual(made.named("web-cdn-certificate-issued").inputs, {
            region: "us-east-1", certificateArn: made.named("web-cdn-certificate").outputs["arn"],
            validationRecordFqdns: [made.named("web-certificate-proof").outputs["fqdn"]],
        });
        assert.equal(made.ofType("aws:route53/record:Record").length, 1);
        assert.equal(made.named("holder").outputs["cloudFrontArn"], made.named("web-cdn-certificate").outputs["arn"]);
    });

    it("is told to nobody before it is issued", async () => {
        const made = await request(true);
        assert.equal(made.comesAfter("web-certificate-issued", "web-certificate-proof"), true);
        assert.equal(made.comesAfter("web-cdn-certificate-issued", "web-certificate-proof"), true);
    });
});
