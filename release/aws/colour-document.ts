import type { S3Client } from "@aws-sdk/client-s3";
import { type ColourDocument, colourDocument, emptyColourDocument } from "../blue-green/document";
import { coloursKey } from "../store-keys";
import { JsonDocument } from "./document";

/** What a stack remembers of its two colours. */
export async function readColourDocument(s3: S3Client, bucket: string, signal?: AbortSignal): Promise<ColourDocument> {
    return (await new JsonDocument(s3, bucket, coloursKey, colourDocument, emptyColourDocument).read(signal)).value;
}
