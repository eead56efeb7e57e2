import type { ECRClient } from "@aws-sdk/client-ecr";
import type { S3Client } from "@aws-sdk/client-s3";
import type { SettledEntry } from "../history";
import type { Stage } from "../stage";
import { DeliveryError } from "./error";
import { readyRelease } from "./ready-release";

/** Releases that have served before and whose bundle and image are there, newest first, each once; as many as the stage keeps. */
export async function reachableReleases(
    s3: S3Client, ecr: ECRClient, stage: Stage, entries: readonly SettledEntry[], serving: string | undefined, signal?: AbortSignal,
): Promise<readonly SettledEntry[]> {
    const newest = new Map(entries.filter(({ result, version }) => result === "succeeded" && version !== serving).map(entry => [entry.version, entry]));
    const candidates = [...newest.values()].sort((a, b) => b.n - a.n).slice(0, stage.keepReleases);
    const there = await Promise.all(candidates.map(({ version }) => isReady(s3, ecr, stage, version, signal)));
    return candidates.filter((_, n) => there[n]);
}

async function isReady(s3: S3Client, ecr: ECRClient, stage: Stage, version: string, signal: AbortSignal | undefined): Promise<boolean> {
    try {
        await readyRelease(s3, ecr, stage, version, signal);
        return true;
    } catch (error) {
        if (error instanceof DeliveryError) return false;
        throw error;
    }
}
