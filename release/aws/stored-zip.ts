import type { GetObjectCommandOutput } from "@aws-sdk/client-s3";
import { readReleaseEnv } from "../release-env";
import { DeliveryError } from "./error";

/** What an object of the release bucket is the release of. */
export interface ZipContent {
    readonly version: string;
    /** `repository@sha256:…` */
    readonly image: string;
    readonly commit?: string;
    readonly builder?: string;
}

/** @throws DeliveryError usage when the object is no release */
export async function readZip({ Body, Metadata: { commit, builder } = {} }: GetObjectCommandOutput, name: string): Promise<ZipContent> {
    const env = readReleaseEnv(await Body?.transformToByteArray() ?? new Uint8Array());
    if ("problem" in env) throw new DeliveryError(`${name} is no release: ${env.problem}.`, "usage");
    return { ...env, ...(commit !== undefined && commit !== "unknown" && { commit }), ...(builder !== undefined && { builder }) };
}
