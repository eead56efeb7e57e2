import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument } from "./role";

export interface PrivateBucket {
    readonly bucket: aws.s3.Bucket;
    /** To depend on: only then does the bucket keep what is overwritten. */
    readonly versioning: aws.s3.BucketVersioning;
}

/** A bucket that keeps versions, encrypts them, and lets nobody in from elsewhere or without TLS. */
export function makePrivateBucket(name: string, { forceDestroy }: { readonly forceDestroy: boolean }, parent: pulumi.Resource): PrivateBucket {
    const made = new aws.s3.Bucket(`${name}-bucket`, { forceDestroy }, { parent });
    const bucket = made.bucket;
    const versioning = new aws.s3.BucketVersioning(`${name}-versioning`, {
        bucket, versioningConfiguration: { status: "Enabled" },
    }, { parent });
    new aws.s3.BucketServerSideEncryptionConfiguration(`${name}-encryption`, {
        bucket, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
    }, { parent });
    const privacy = new aws.s3.BucketPublicAccessBlock(`${name}-privacy`, {
        bucket, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true,
    }, { parent });
    // S3 refuses two changes of a bucket's access at the same time.
    new aws.s3.BucketPolicy(`${name}-policy`, { bucket, policy: tlsOnly(made.arn) }, { parent, dependsOn: privacy });
    return { bucket: made, versioning };
}

function tlsOnly(bucketArn: pulumi.Output<string>): pulumi.Output<string> {
    return policyDocument([{
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [bucketArn, pulumi.interpolate`${bucketArn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
    }]);
}
