import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { makeVersionedBucket } from "./private-bucket";

/** Below it builds keep what makes the next one faster. */
export const cachePrefix = "cache";

export interface BuildStoreArgs {
    /** Whether `destroy` may delete the bucket with all in it. @default false: it must be emptied by hand, or expire, first */
    readonly forceDestroy?: boolean;
}

/** Keeps what builds need and leave, for a while: no release lies here, so everything may expire. */
export class BuildStore extends pulumi.ComponentResource {
    readonly bucketName: pulumi.Output<string>;
    readonly bucketArn: pulumi.Output<string>;
    readonly bucket: aws.s3.Bucket;

    constructor(name: string, args: BuildStoreArgs = {}, opts?: pulumi.ComponentResourceOptions) {
        super("gapless:index:BuildStore", name, args, opts);
        const { forceDestroy = false } = args;

        const { bucket, versioning } = makeVersionedBucket(name, { forceDestroy }, this);
        this.bucket = bucket;
        new aws.s3.BucketLifecycleConfiguration(`${name}-lifecycle`, {
            bucket: bucket.bucket,
            rules: [
                // Of two rules the one that expires sooner wins. A build writes its cache anew, so only an idle one expires.
                { id: "caches", status: "Enabled", filter: { prefix: `${cachePrefix}/` }, expiration: { days: 14 } },
                {
                    id: "builds", status: "Enabled", filter: { prefix: "" },
                    expiration: { days: 30 },
                    noncurrentVersionExpiration: { noncurrentDays: 7 },
                    abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
                },
                // What expires leaves a marker, whose expiry S3 refuses in one rule with days.
                { id: "markers", status: "Enabled", filter: { prefix: "" }, expiration: { expiredObjectDeleteMarker: true } },
            ],
        }, { parent: this, dependsOn: versioning });

        this.bucketName = bucket.bucket;
        this.bucketArn = bucket.arn;
        this.registerOutputs({ bucketName: this.bucketName, bucketArn: this.bucketArn, bucket: this.bucket });
    }
}
