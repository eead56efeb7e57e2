import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { toolKey } from "../release/store-keys";

/** A command line of one file, for machines that have nothing but Node.js. */
export interface Tool {
    /** Path of the file, relative to the program's folder, so that the state knows no machine. */
    readonly file: string;
    /** Of its bytes, as 64 hexadecimal digits: the file is stored under their beginning, and whoever runs it checks them all. */
    readonly sha256: string;
}

export interface StoredTool {
    readonly object: aws.s3.BucketObjectv2;
    readonly key: string;
}

export function toolRule({ sha256 }: Tool): string | false {
    return !/^[0-9a-f]{64}$/.test(sha256) && `tool.sha256 must be 64 hexadecimal digits, got '${sha256}'`;
}

/** Puts a tool where builds find it: other bytes are another object, so that no build gets others than it was told of. */
export function storeTool(name: string, bucket: pulumi.Input<string>, { file, sha256 }: Tool, opts: pulumi.CustomResourceOptions): StoredTool {
    const key = toolKey(sha256);
    const object = new aws.s3.BucketObjectv2(name, {
        bucket, key, source: new pulumi.asset.FileAsset(file), contentType: "text/javascript",
    }, opts);
    return { object, key };
}
