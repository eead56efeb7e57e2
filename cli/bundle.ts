import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { makeRelease, readReleaseScripts, type Release, writeRelease, zipRelease } from "../release/bundle";
import { ReleaseError } from "../release/error";
import { exitCodes, type ExitCode } from "./exit-code";
import { readRecipe, type Recipe } from "./recipe";

/** What `./gapless bundle` is asked for. */
export interface BundleOptions {
    readonly stage: string;
    /** `repository@sha256:…`; undefined for the one that the settings name. */
    readonly image: string | undefined;
    readonly target: BundleTarget;
}

export type BundleTarget = { readonly folder: string } | { readonly zip: string };

/** A release cannot be made as it is asked for. */
export class BundleError extends Error {
    override readonly name = "BundleError";
}

/** Makes the release of a stage that `pulumi up` would make of the same image, and prints its version. */
export async function bundleCommand({ stage, image, target }: BundleOptions, signal: AbortSignal): Promise<ExitCode> {
    const release = bundle(await readRecipe(stage, signal), image, join(import.meta.dirname, "..", "app-scripts"));
    await writeBundle(release, target);
    process.stdout.write(`${release.version}\n`);
    return exitCodes.done;
}

/** The release that a recipe makes of an image. */
export function bundle(recipe: Recipe, image: string | undefined, appScripts: string): Release {
    try {
        return makeRelease(readReleaseScripts(appScripts), { ...recipe.release, image: imageOf(recipe, image) });
    } catch (error) {
        throw error instanceof ReleaseError ? new BundleError(error.message, { cause: error }) : error;
    }
}

/** Writes a release, whole or not at all. */
export async function writeBundle(release: Release, target: BundleTarget): Promise<void> {
    if ("zip" in target) await writeZip(release, target.zip);
    else writeFolder(release, target.folder);
}

function imageOf({ image: recipe }: Recipe, given: string | undefined): string {
    if (!("prebuilt" in recipe)) return given ?? missingImage();
    if (given === undefined || given === recipe.prebuilt) return recipe.prebuilt;
    throw new BundleError(`The settings name the image ${recipe.prebuilt}, and --image another. Leave --image out, or change imageDigest.`);
}

function missingImage(): never {
    throw new BundleError("The stage's image is built: name it with --image repository@sha256:…, as app-scripts/ci/build-image.sh prints it.");
}

function writeFolder(release: Release, folder: string): void {
    try {
        writeRelease(release, folder);
    } catch (error) {
        // With a cause the machine is to blame, without one the folder that was given.
        throw error instanceof ReleaseError && error.cause === undefined ? new BundleError(error.message) : error;
    }
}

async function writeZip(release: Release, zip: string): Promise<void> {
    const target = resolve(zip);
    const content = zipRelease(release);
    // Beside the target, because a rename is atomic only within one file system.
    const draft = await mkdtemp(join(dirname(target), `.${basename(target)}-`)).catch((cause: unknown) => cannotWrite(zip, cause));
    try {
        await writeFile(join(draft, "zip"), content, { mode: 0o600 });
        await rename(join(draft, "zip"), target);
    } catch (cause) {
        cannotWrite(zip, cause);
    } finally {
        await rm(draft, { recursive: true, force: true });
    }
}

function cannotWrite(path: string, cause: unknown): never {
    throw new BundleError(`The release cannot be written to '${path}': ${(cause as Error).message}`, { cause });
}
