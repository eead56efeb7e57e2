import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { journalKey, lockKey, triggerKey } from "../release/store-keys";
import { makeVersionedBucket } from "./private-bucket";

export interface ReleaseStoreArgs {
    /** Whether `destroy` may delete the bucket with all releases in it. @default false: it must be emptied by hand first */
    readonly forceDestroy?: boolean;
}

/** Keeps every release for as long as a rollback or a late scale-out may ask for it. */
export class ReleaseStore extends pulumi.ComponentResource {
    /** Name of the bucket; known once it is versioned and tells EventBridge of new objects. */
    readonly bucketName: pulumi.Output<string>;
    readonly bucketArn: pulumi.Output<string>;
    readonly bucket: aws.s3.Bucket;

    constructor(name: string, args: ReleaseStoreArgs = {}, opts?: pulumi.ComponentResourceOptions) {
        super("gapless:index:ReleaseStore", name, args, opts);
        const { forceDestroy = false } = args;

        const { bucket: made, versioning } = makeVersionedBucket(name, { forceDestroy }, this);
        this.bucket = made;
        const bucket = made.bucket;
        const notification = new aws.s3.BucketNotification(`${name}-notification`, { bucket, eventbridge: true }, { parent: this });
        // Nothing else expires: CodeDeploy reads its last successful bundle again at every scale-out, and that is the pipeline's
        // own copy below another key, which may be current for years. A release is a few kilobytes.
        const supersededAfter = (noncurrentDays: number) => ({ status: "Enabled", noncurrentVersionExpiration: { noncurrentDays } });
        new aws.s3.BucketLifecycleConfiguration(`${name}-lifecycle`, {
            bucket,
            rules: [
                { id: "superseded-triggers", filter: { prefix: triggerKey }, ...supersededAfter(365) },
                // Each holds all that the one before held, until the oldest of its many entries go: a year is for who looks for those.
                { id: "superseded-journals", filter: { prefix: journalKey }, ...supersededAfter(365) },
                // Written each minute while it is held, and nobody asks who held it; a day is S3's shortest.
                { id: "superseded-locks", filter: { prefix: lockKey }, ...supersededAfter(1) },
                { id: "broken-uploads", status: "Enabled", filter: { prefix: "" }, abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } },
            ],
        }, { parent: this, dependsOn: versioning });

        // Through all three, so that whoever names the bucket also waits for what a release needs of it.
        this.bucketName = pulumi.all([bucket, versioning.id, notification.id]).apply(([bucketName]) => bucketName);
        this.bucketArn = this.bucket.arn;
        this.registerOutputs({ bucketName: this.bucketName, bucketArn: this.bucketArn, bucket: this.bucket });
    }
}
