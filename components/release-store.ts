import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface ReleaseStoreArgs {
    /** Whether `destroy` may delete the bucket with all releases in it. @default false: it must be emptied by hand first */
    readonly forceDestroy?: boolean;
}

/** Keeps every release for as long as a rollback or a late scale-out may ask for it. */
export class ReleaseStore extends pulumi.ComponentResource {
    readonly bucketName!: pulumi.Output<string>;
    readonly bucketArn!: pulumi.Output<string>;
    readonly bucket!: aws.s3.Bucket;

    constructor(name: string, args: ReleaseStoreArgs, opts?: pulumi.ComponentResourceOptions) {
        super("gapless:index:ReleaseStore", name, args, opts);
    }
}
