import { hostname } from "node:os";
import { join } from "node:path";
import type { S3Client } from "@aws-sdk/client-s3";
import { storeRelease, trigger } from "../../release/aws/releases";
import { zipRelease } from "../../release/bundle";
import { who } from "../../release/identity";
import { thisUser } from "../../release/machine";
import { releaseMetadata } from "../../release/release-metadata";
import { type RollWishes, wishMetadata } from "../../release/roll-wishes";
import { bundle } from "../commands/bundle";
import type { Recipe } from "../commands/recipe";
import type { CommandContext } from "../context";
import { type Commit, Git } from "../git";

/** A release that is ready to be stored, and what people are told of it. */
export interface StackRelease {
    readonly version: string;
    /** `repository@sha256:…` */
    readonly image: string;
    readonly zip: Uint8Array;
    readonly commit: Commit | undefined;
    /** Of the objects in the release bucket. */
    readonly metadata: Record<string, string>;
}

export function gitOf({ folder, env, signal }: CommandContext): Git {
    return new Git(folder, env, signal);
}

/** Makes the release that a recipe makes of an image. */
export function makeStackRelease(recipe: Recipe, image: string, commit: Commit | undefined, { env, folder }: CommandContext): StackRelease {
    const release = bundle(recipe, image, join(folder, "app-scripts"));
    const { version } = release;
    const builder = who(env, thisUser(env), hostname());
    return { version, image: release.image, zip: zipRelease(release), commit, metadata: releaseMetadata({ version, commit: commit?.hash, title: commit?.title, builder }) };
}

/**
 * Stores a release for good, and hands it to the pipeline. Returns the version of the object that the pipeline takes as its source.
 * @param wishes of this one time, so that they are the object's that is handed over and not the release's
 */
export async function handOver(s3: S3Client, bucket: string, release: StackRelease, { clock, signal, tell }: CommandContext, wishes: RollWishes = {}): Promise<string> {
    const stored = await storeRelease(s3, bucket, release, release.metadata, clock, signal);
    tell.step(`stored s3://${bucket}/${stored.key}`);
    const objectVersion = await trigger(s3, bucket, release, { ...release.metadata, ...wishMetadata(wishes) }, signal);
    tell.step(`release ${release.version} is handed to the pipeline`);
    return objectVersion;
}
