import type { S3Client } from "@aws-sdk/client-s3";
import { type ColourDocument, colourDocument, emptyColourDocument } from "../blue-green/document";
import { type Clock, systemClock } from "../clock";
import { coloursKey } from "../store-keys";
import { JsonDocument } from "./document";

/** What a stack remembers of its colours, which several may change at once. */
export function coloursOf(s3: S3Client, bucket: string, clock: Clock = systemClock): JsonDocument<ColourDocument> {
    return new JsonDocument(s3, bucket, coloursKey, colourDocument, emptyColourDocument, clock);
}

export async function readColourDocument(s3: S3Client, bucket: string, signal?: AbortSignal): Promise<ColourDocument> {
    return (await coloursOf(s3, bucket).read(signal)).value;
}
