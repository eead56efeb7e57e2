import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { accountOf } from "./account";

export interface AccessLogStoreArgs {
    /** Logical name of the load balancer: it comes later, since it tries to write a log at once. */
    readonly loadBalancerName: string;
    /** Days that logs are kept. */
    readonly retentionDays: number;
    /** Whether `destroy` may delete the bucket with all logs in it. */
    readonly forceDestroy: boolean;
}

export interface AccessLogStore {
    readonly bucketName: pulumi.Output<string>;
    /** To depend on: AWS writes a test log when logging is switched on, and refuses when it may not. */
    readonly policy: aws.s3.BucketPolicy;
}

/** A bucket for one load balancer's access logs, which nobody else may write to. */
export function makeAccessLogStore(name: string, args: AccessLogStoreArgs, parent: pulumi.Resource): AccessLogStore {
    const opts = { parent };
    const made = new aws.s3.Bucket(`${name}-bucket`, { forceDestroy: args.forceDestroy }, opts);
    const bucket = made.bucket;
    // Load balancers cannot write to a bucket that is encrypted with a key of KMS.
    new aws.s3.BucketServerSideEncryptionConfiguration(`${name}-encryption`, {
        bucket, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
    }, opts);
    const privacy = new aws.s3.BucketPublicAccessBlock(`${name}-privacy`, {
        bucket, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true,
    }, opts);
    new aws.s3.BucketLifecycleConfiguration(`${name}-lifecycle`, {
        bucket,
        rules: [{
            id: "old-logs", status: "Enabled", filter: { prefix: "" },
            expiration: { days: args.retentionDays }, abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
        }],
    }, opts);
    // S3 refuses two changes of a bucket's access at the same time.
    const policy = new aws.s3.BucketPolicy(`${name}-policy`, { bucket, policy: deliveryPolicy(made.arn, args.loadBalancerName, parent) }, {
        ...opts, dependsOn: privacy,
    });
    return { bucketName: bucket, policy };
}

/**
 * One service principal for every region; the accounts by region of older guides are for the load balancers of before August 2022.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
 */
function deliveryPolicy(bucketArn: pulumi.Output<string>, loadBalancerName: string, parent: pulumi.Resource): pulumi.Output<string> {
    const { partition, region, accountId } = accountOf(parent);
    const loadBalancers = pulumi.interpolate`arn:${partition}:elasticloadbalancing:${region}:${accountId}:loadbalancer`;
    return pulumi.jsonStringify({
        Version: "2012-10-17",
        Statement: [
            {
                Effect: "Allow",
                Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
                Action: "s3:PutObject",
                Resource: pulumi.interpolate`${bucketArn}/AWSLogs/${accountId}/*`,
                Condition: { ArnLike: { "aws:SourceArn": pulumi.interpolate`${loadBalancers}/app/${loadBalancerName}-*` } },
            },
            {
                Effect: "Deny",
                Principal: "*",
                Action: "s3:*",
                Resource: [bucketArn, pulumi.interpolate`${bucketArn}/*`],
                Condition: { Bool: { "aws:SecureTransport": "false" } },
            },
        ],
    });
}
