import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { makeAccessLogStore } from "../../components/access-log-store";
import { allows, denies } from "../support/iam";
import { registered, type Registered } from "../support/registered";

class Holder extends pulumi.ComponentResource {
    constructor() {
        super("test:index:Holder", "holder");
        makeAccessLogStore("logs", { loadBalancerName: "web-alb", retentionDays: 90, forceDestroy: false }, this);
    }
}

const ours = "arn:aws:elasticloadbalancing:eu-central-1:111122223333:loadbalancer/app/web-alb-1a2b3c4/50dc6c495c0c9188";

describe("the bucket of access logs", () => {
    let made: Registered;
    let arn: string;
    before(async () => {
        made = await registered(() => { new Holder(); });
        arn = String(made.named("logs-bucket").outputs["arn"]);
    });

    it("is private, encrypted as load balancers can, and forgets", () => {
        const bucket = made.named("logs-bucket").outputs["bucket"];
        assert.deepEqual(made.named("logs-bucket").inputs, { forceDestroy: false });
        assert.deepEqual(made.named("logs-encryption").inputs, {
            bucket, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
        });
        assert.deepEqual(made.named("logs-privacy").inputs, {
            bucket, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true,
        });
        assert.deepEqual(made.named("logs-lifecycle").inputs, {
            bucket,
            rules: [{
                id: "old-logs", status: "Enabled", filter: { prefix: "" },
                expiration: { days: 90 }, abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
            }],
        });
        assert.equal(made.named("logs-policy").inputs["bucket"], bucket);
        assert.equal(made.comesAfter("logs-policy", "logs-privacy"), true);
    });

    it("takes logs of its load balancer, by the service that delivers them", () => {
        const write = (changed: { action?: string; resource?: string; service?: string; from?: string } = {}) => {
            const { action = "s3:PutObject", resource = `${arn}/AWSLogs/111122223333/elasticloadbalancing/log.gz`, from = ours } = changed;
            const { service = "logdelivery.elasticloadbalancing.amazonaws.com" } = changed;
            return allows(made.named("logs-policy").inputs["policy"], {
                action, resource, service, context: { "aws:SourceArn": from, "aws:SecureTransport": "true" },
            });
        };
        assert.equal(write(), true);
        assert.equal(write({ action: "s3:GetObject" }), false);
        assert.equal(write({ action: "s3:PutObjectAcl" }), false);
        assert.equal(write({ resource: `${arn}/AWSLogs/444455556666/elasticloadbalancing/log.gz` }), false);
        assert.equal(write({ resource: `${arn}/releases/current.zip` }), false);
        assert.equal(write({ service: "delivery.logs.amazonaws.com" }), false);
        assert.equal(write({ from: ours.replace("web-alb", "other-alb") }), false);
        assert.equal(write({ from: ours.replace("111122223333", "444455556666") }), false);
        assert.equal(write({ from: ours.replace("eu-central-1", "eu-west-1") }), false);
    });

    it("refuses whoever comes without TLS", () => {
        const asks = (tls: boolean, resource: string) =>
            denies(made.named("logs-policy").inputs["policy"], { action: "s3:GetObject", resource, context: { "aws:SecureTransport": String(tls) } });
        assert.equal(asks(false, `${arn}/AWSLogs/111122223333/log.gz`), true);
        assert.equal(asks(false, arn), true);
        assert.equal(asks(true, `${arn}/AWSLogs/111122223333/log.gz`), false);
        assert.deepEqual([`${arn}-2`, `${arn}-2/AWSLogs/111122223333/log.gz`].filter(another => asks(false, another)), []);
    });
});
