import assert from "node:assert/strict";
import { BuildStore } from "../../components";
import { denies } from "../support/iam";
import { registered, type Registered } from "../support/registered";

const build = (forceDestroy?: boolean) =>
    registered(() => { new BuildStore("builds", forceDestroy === undefined ? {} : { forceDestroy }); });

describe("BuildStore", () => {
    let made: Registered;
    before(async () => { made = await build(); });

    it("is private, versioned and encrypted", () => {
        const bucket = made.named("builds-bucket").outputs["bucket"];
        assert.deepEqual(made.named("builds-bucket").inputs, { forceDestroy: false });
        assert.deepEqual(made.named("builds-versioning").inputs, { bucket, versioningConfiguration: { status: "Enabled" } });
        assert.deepEqual(made.named("builds-encryption").inputs, {
            bucket, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
        });
        assert.deepEqual(made.named("builds-privacy").inputs, {
            bucket, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true,
        });
        assert.equal(made.comesAfter("builds-policy", "builds-privacy"), true);
    });

    it("refuses whoever comes without TLS", () => {
        const policy = made.named("builds-policy").inputs["policy"];
        const arn = String(made.named("builds-bucket").outputs["arn"]);
        const read = (tls: boolean, resource: string) =>
            denies(policy, { action: "s3:GetObject", resource, context: { "aws:SecureTransport": String(tls) } });
        assert.deepEqual([read(false, `${arn}/cache/1`), read(true, `${arn}/cache/1`)], [true, false]);
        assert.deepEqual([`${arn}-2`, `${arn}-2/cache/1`].filter(another => read(false, another)), []);
    });

    it("lets everything expire without a trace, and a cache that nobody has written anew even sooner", () => {
        assert.deepEqual(made.named("builds-lifecycle").inputs, {
            bucket: made.named("builds-bucket").outputs["bucket"],
            rules: [
                { id: "caches", status: "Enabled", filter: { prefix: "cache/" }, expiration: { days: 14 } },
                {
                    id: "builds", status: "Enabled", filter: { prefix: "" },
                    expiration: { days: 30 },
                    noncurrentVersionExpiration: { noncurrentDays: 7 },
                    abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
                },
                // S3 refuses it in one expiration with days.
                { id: "markers", status: "Enabled", filter: { prefix: "" }, expiration: { expiredObjectDeleteMarker: true } },
            ],
        });
        assert.equal(made.comesAfter("builds-lifecycle", "builds-versioning"), true);
    });

    it("tells nobody of new objects, so that no build starts a deployment", () => {
        assert.deepEqual(made.ofType("aws:s3/bucketNotification:BucketNotification"), []);
    });

    it("is emptied by destroy only when that is asked for", async () => {
        assert.deepEqual((await build(true)).named("builds-bucket").inputs, { forceDestroy: true });
    });

    it("tells its name and ARN", () => {
        const { bucketName, bucketArn } = made.named("builds").outputs;
        const { bucket, arn } = made.named("builds-bucket").outputs;
        assert.deepEqual({ bucketName, bucketArn }, { bucketName: bucket, bucketArn: arn });
    });
});
