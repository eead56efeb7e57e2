import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { releaseKey, triggerKey } from "../release/store-keys";

/** A release that the program publishes itself. */
export interface ReleaseToPublish {
    /** Its zip is kept under this version and never overwritten. */
    readonly version: pulumi.Input<string>;
    /** The zip, in base64. */
    readonly zip: pulumi.Input<string>;
    /** Whether it is published once, for others to go on from, and later versions are none of the program's. @default false */
    readonly onlyFirst?: boolean;
}

/** What another writer of the trigger leaves on it. A refresh sees it, and the next `up` would put the program's release back. */
const leftByOthers = [
    "bucketKeyEnabled", "cacheControl", "contentDisposition", "contentEncoding", "contentLanguage", "contentType", "etag", "kmsKeyId",
    "metadata", "serverSideEncryption", "storageClass", "tags", "tagsAll", "websiteRedirect",
];

/** Keeps the release for ever and makes it the current one: the trigger comes last, and when all is there that it needs. */
export function publish(
    name: string, bucket: pulumi.Input<string>, { version, zip, onlyFirst = false }: ReleaseToPublish,
    opts: { readonly parent: pulumi.Resource; readonly needs: readonly pulumi.Resource[] },
): Record<"release" | "trigger", aws.s3.BucketObjectv2> {
    const object = { bucket, contentBase64: zip, contentType: "application/zip" };
    const { parent, needs } = opts;
    const release = new aws.s3.BucketObjectv2(`${name}-release`, { ...object, key: pulumi.output(version).apply(releaseKey) }, {
        parent, retainOnDelete: true, ignoreChanges: onlyFirst ? ["contentBase64", "key"] : [],
    });
    const trigger = new aws.s3.BucketObjectv2(`${name}-trigger`, { ...object, key: triggerKey }, {
        parent,
        // It is the pipeline's source also when the program has nothing to publish any more.
        retainOnDelete: true,
        ignoreChanges: [...leftByOthers, ...(onlyFirst ? ["contentBase64"] : [])],
        dependsOn: [release, ...needs],
    });
    return { release, trigger };
}
