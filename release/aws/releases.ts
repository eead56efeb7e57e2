import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { type Clock, systemClock } from "../clock";
import { releaseKey, triggerKey } from "../store-keys";
import { DeliveryError } from "./error";
import { readZip } from "./stored-zip";

/** A release as it is made, before it is stored. */
export interface ZippedRelease {
    readonly version: string;
    readonly zip: Uint8Array;
}

/** A release in the release bucket, as CodeDeploy takes it. */
export interface StoredRelease {
    readonly version: string;
    readonly key: string;
    readonly objectVersion: string;
    /** Without quotes. */
    readonly etag: string;
}

/** A stored release and what it is of. */
export interface FoundRelease extends StoredRelease {
    /** `repository@sha256:…` */
    readonly image: string;
    readonly commit?: string | undefined;
    readonly builder?: string | undefined;
}

const mostTries = 10;
const pauseSeconds = 2;

/** Stores a release under its own key. Nothing is ever written over: the key is a hash of the content, so what is there is this very release. */
export async function storeRelease(
    s3: S3Client, bucket: string, { version, zip }: ZippedRelease, metadata: Record<string, string>, clock: Clock = systemClock, signal?: AbortSignal,
): Promise<StoredRelease> {
    const key = releaseKey(version);
    const put = new PutObjectCommand({ ...zipObject(bucket, key, zip, metadata), IfNoneMatch: "*" });
    for (let tries = 1; ; tries += 1) {
        try {
            return { version, key, ...named(await s3.send(put, abortBy(signal)), bucket) };
        } catch (error) {
            if (is(error, "PreconditionFailed")) return { version, key, ...await head(s3, bucket, key, signal) };
            // Another build stores the same release right now; what became of it is known in a moment.
            if (!is(error, "ConditionalRequestConflict") || tries === mostTries) throw error;
            await clock.wait(pauseSeconds, signal ?? new AbortController().signal);
        }
    }
}

/** Hands a release to the stack's pipeline. Returns the version of the object, which the pipeline calls its source revision. */
export async function trigger(s3: S3Client, bucket: string, { zip }: ZippedRelease, metadata: Record<string, string>, signal?: AbortSignal): Promise<string> {
    return named(await s3.send(new PutObjectCommand(zipObject(bucket, triggerKey, zip, metadata)), abortBy(signal)), bucket).objectVersion;
}

/**
 * Looks a release up in the bucket.
 * @throws DeliveryError usage when it is not there
 */
export async function findRelease(s3: S3Client, bucket: string, version: string, signal?: AbortSignal): Promise<FoundRelease> {
    const key = releaseKey(version);
    const object = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }), abortBy(signal)).catch((error: unknown) => {
        if (!is(error, "NoSuchKey")) throw error;
        throw new DeliveryError(
            `There is no release ${version}: s3://${bucket}/${key} does not exist. ./gapless status STACK says which releases are there.`, "usage",
        );
    });
    return { ...await readZip(object, `s3://${bucket}/${key}`), version, key, ...named(object, bucket) };
}

function abortBy(abortSignal: AbortSignal | undefined): { readonly abortSignal?: AbortSignal } {
    return { ...(abortSignal && { abortSignal }) };
}

function zipObject(Bucket: string, Key: string, Body: Uint8Array, Metadata: Record<string, string>) {
    return { Bucket, Key, Body, Metadata, ContentType: "application/zip" };
}

async function head(s3: S3Client, bucket: string, key: string, signal: AbortSignal | undefined): Promise<ReturnType<typeof named>> {
    return named(await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }), abortBy(signal)), bucket);
}

interface Named {
    readonly VersionId?: string | undefined;
    readonly ETag?: string | undefined;
}

function named({ VersionId, ETag = "" }: Named, bucket: string): { readonly objectVersion: string; readonly etag: string } {
    // S3 says "null" of an object that was there before versions were kept.
    if (VersionId === undefined || VersionId === "null") {
        throw new DeliveryError(`The bucket ${bucket} keeps no versions, and a rollback needs them. Switch its versioning on: ./gapless up STACK does so.`, "usage");
    }
    return { objectVersion: VersionId, etag: ETag.replaceAll("\"", "") };
}

function is(error: unknown, name: string): boolean {
    return error instanceof Error && error.name === name;
}
