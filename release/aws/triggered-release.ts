import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { unzipSync } from "fflate";
import { triggerKey } from "../store-keys";
import { DeliveryError } from "./error";

/** The release that a version of the trigger object is. */
export interface TriggeredRelease {
    readonly version: string;
    /** `repository@sha256:…` */
    readonly image: string;
    readonly commit?: string;
    /** Of the trigger's object, which the pipeline calls its source revision. */
    readonly objectVersion: string;
}

/** Reads which release a pipeline was handed, whoever has written it. */
export async function readTriggered(s3: S3Client, bucket: string, objectVersion: string): Promise<TriggeredRelease> {
    const { Body, Metadata: { commit } = {} } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: triggerKey, VersionId: objectVersion }));
    const zip = unzipSync(await Body?.transformToByteArray() ?? new Uint8Array(), { filter: ({ name }) => name === "release.env" });
    const text = new TextDecoder().decode(zip["release.env"]);
    const value = (name: string): string => new RegExp(`^${name}=(.+)$`, "m").exec(text)?.[1] ?? missing(name, bucket, objectVersion);
    return { version: value("VERSION"), image: value("IMAGE"), objectVersion, ...(commit !== undefined && commit !== "unknown" && { commit }) };
}

function missing(name: string, bucket: string, objectVersion: string): never {
    throw new DeliveryError(`s3://${bucket}/${triggerKey} (version ${objectVersion}) is no release: its release.env has no ${name}.`);
}
