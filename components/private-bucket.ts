import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument, type Statement } from "./role";

export interface PrivateBucketArgs {
    /** Whether `destroy` may delete the bucket with all in it. */
    readonly forceDestroy: boolean;
    /** Who is let in from elsewhere, of the bucket of that ARN. @default nobody */
    readonly statements?: (bucketArn: pulumi.Output<string>) => readonly Statement[];
}

export interface PrivateBucket {
    readonly bucket: aws.s3.Bucket;
    /** To depend on: only then are those let in whom its statements name. */
    readonly policy: aws.s3.BucketPolicy;
}

export interface VersionedBucket extends PrivateBucket {
    /** To depend on: only then does the bucket keep what is overwritten. */
    readonly versioning: aws.s3.BucketVersioning;
}

/** A bucket that encrypts what it keeps and lets nobody in without TLS. */
export function makePrivateBucket(name: string, { forceDestroy, statements = () => [] }: PrivateBucketArgs, parent: pulumi.Resource): PrivateBucket {
    const made = new aws.s3.Bucket(`${name}-bucket`, { forceDestroy }, { parent });
    const bucket = made.bucket;
    // Not with a key of KMS, which load balancers that write their logs cannot use.
    new aws.s3.BucketServerSideEncryptionConfiguration(`${name}-encryption`, {
        bucket, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
    }, { parent });
    const privacy = new aws.s3.BucketPublicAccessBlock(`${name}-privacy`, {
        bucket, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true,
    }, { parent });
    const policy = new aws.s3.BucketPolicy(`${name}-policy`, {
        bucket, policy: policyDocument([...statements(made.arn), tlsOnly(made.arn)]),
    // S3 refuses two changes of a bucket's access at the same time.
    }, { parent, dependsOn: privacy });
    return { bucket: made, policy };
}

/** A private bucket that keeps what is overwritten. */
export function makeVersionedBucket(name: string, args: PrivateBucketArgs, parent: pulumi.Resource): VersionedBucket {
    const made = makePrivateBucket(name, args, parent);
    const versioning = new aws.s3.BucketVersioning(`${name}-versioning`, {
        bucket: made.bucket.bucket, versioningConfiguration: { status: "Enabled" },
    }, { parent });
    return { ...made, versioning };
}

function tlsOnly(bucketArn: pulumi.Output<string>): Statement {
    return {
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [bucketArn, pulumi.interpolate`${bucketArn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
    };
}
