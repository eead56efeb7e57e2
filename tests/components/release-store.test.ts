import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { ReleaseStore } from "../../components";
import { denies } from "../support/iam";
import { registered, type Registered } from "../support/registered";

const build = (forceDestroy?: boolean) =>
    registered(() => { new ReleaseStore("store", forceDestroy === undefined ? {} : { forceDestroy }); });

describe("ReleaseStore", () => {
    let made: Registered;
    before(async () => { made = await build(); });

    it("is private, versioned, encrypted and tells EventBridge of new objects", () => {
        const bucket = made.named("store-bucket").outputs["bucket"];
        assert.deepEqual(made.named("store-bucket").inputs, { forceDestroy: false });
        assert.deepEqual(made.named("store-versioning").inputs, { bucket, versioningConfiguration: { status: "Enabled" } });
        assert.deepEqual(made.named("store-notification").inputs, { bucket, eventbridge: true });
        assert.deepEqual(made.named("store-encryption").inputs, {
            bucket, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
        });
        assert.deepEqual(made.named("store-privacy").inputs, {
            bucket, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true,
        });
    });

    it("is emptied by destroy only when that is asked for", async () => {
        assert.deepEqual((await build(true)).named("store-bucket").inputs, { forceDestroy: true });
    });

    it("refuses whoever comes without TLS", () => {
        const policy = made.named("store-policy").inputs["policy"];
        const arn = String(made.named("store-bucket").outputs["arn"]);
        const read = (tls: boolean, resource: string) =>
            denies(policy, { action: "s3:GetObject", resource, context: { "aws:SecureTransport": String(tls) } });
        assert.equal(read(false, `${arn}/releases/current.zip`), true);
        assert.equal(read(false, arn), true);
        assert.equal(read(true, `${arn}/releases/current.zip`), false);
        assert.deepEqual([`${arn}-2`, `${arn}-2/releases/current.zip`].filter(another => read(false, another)), []);
    });

    it("expires nothing that a rollback or a late scale-out may ask for, and what the lock overwrites each minute soon", () => {
        assert.deepEqual(made.named("store-lifecycle").inputs, {
            bucket: made.named("store-bucket").outputs["bucket"],
            rules: [
                {
                    id: "superseded-triggers", status: "Enabled", filter: { prefix: "releases/current.zip" },
                    noncurrentVersionExpiration: { noncurrentDays: 365 },
                },
                { id: "superseded-journals", status: "Enabled", filter: { prefix: "journal.json" }, noncurrentVersionExpiration: { noncurrentDays: 365 } },
                { id: "superseded-locks", status: "Enabled", filter: { prefix: "lock.json" }, noncurrentVersionExpiration: { noncurrentDays: 1 } },
                { id: "broken-uploads", status: "Enabled", filter: { prefix: "" }, abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } },
            ],
        });
    });

    it("tells its name only when it is versioned and EventBridge listens", async () => {
        const made = await registered(() => {
            new aws.s3.BucketObjectv2("object", { bucket: new ReleaseStore("store").bucketName, key: "a" });
        });
        assert.equal(made.comesAfter("object", "store-versioning"), true);
        assert.equal(made.comesAfter("object", "store-notification"), true);
        const { bucketName, bucketArn } = made.named("store").outputs;
        assert.deepEqual({ bucketName, bucketArn }, {
            bucketName: made.named("store-bucket").outputs["bucket"], bucketArn: made.named("store-bucket").outputs["arn"],
        });
    });
});
