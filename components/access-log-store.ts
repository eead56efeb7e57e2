import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Account, accountOf } from "./account";
import { makePrivateBucket } from "./private-bucket";
import type { Statement } from "./role";

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
    const { bucket: { bucket }, policy } = makePrivateBucket(name, {
        forceDestroy: args.forceDestroy,
        statements: bucketArn => [delivery(bucketArn, args.loadBalancerName, accountOf(parent))],
    }, parent);
    new aws.s3.BucketLifecycleConfiguration(`${name}-lifecycle`, {
        bucket,
        rules: [{
            id: "old-logs", status: "Enabled", filter: { prefix: "" },
            expiration: { days: args.retentionDays }, abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
        }],
    }, { parent });
    return { bucketName: bucket, policy };
}

/**
 * One service principal for every region; the accounts by region of older guides are for the load balancers of before August 2022.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
 */
function delivery(bucketArn: pulumi.Output<string>, loadBalancerName: string, { partition, region, accountId }: Account): Statement {
    const loadBalancers = pulumi.interpolate`arn:${partition}:elasticloadbalancing:${region}:${accountId}:loadbalancer`;
    return {
        Effect: "Allow",
        Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
        Action: "s3:PutObject",
        Resource: pulumi.interpolate`${bucketArn}/AWSLogs/${accountId}/*`,
        Condition: { ArnLike: { "aws:SourceArn": pulumi.interpolate`${loadBalancers}/app/${loadBalancerName}-*` } },
    };
}
