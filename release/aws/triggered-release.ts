import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { triggerKey } from "../store-keys";
import { readZip } from "./stored-zip";

/** The release that a version of the trigger object is. */
export interface TriggeredRelease {
    readonly version: string;
    /** `repository@sha256:…` */
    readonly image: string;
    readonly commit?: string;
    /** Who has handed it over; undefined of what the program itself publishes. */
    readonly builder?: string;
    /** Of the trigger's object, which the pipeline calls its source revision. */
    readonly objectVersion: string;
}

/**
 * Reads which release a pipeline was handed, whoever has written it.
 * @throws DeliveryError usage when it is none
 */
export async function readTriggered(s3: S3Client, bucket: string, objectVersion: string, signal?: AbortSignal): Promise<TriggeredRelease> {
    const object = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: triggerKey, VersionId: objectVersion }), { ...(signal && { abortSignal: signal }) });
    const { version, image, commit, builder } = await readZip(object, `s3://${bucket}/${triggerKey} (version ${objectVersion})`);
    return { version, image, objectVersion, ...(commit !== undefined && { commit }), ...(builder !== undefined && { builder }) };
}
