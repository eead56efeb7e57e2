import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { getSystemErrorMap } from "node:util";
import { makeFolders, makeRelease, readReleaseScripts, type Release, writeRelease, zipRelease } from "../../release/bundle";
import { ReleaseError } from "../../release/error";
import { exitCodes, type ExitCode } from "../exit-code";
import { readRecipe, type Recipe } from "./recipe";

/** What `./gapless bundle` is asked for. */
export interface BundleOptions {
    /** Name of a stack, of which there is a file. */
    readonly stack: string;
    /** `repository@sha256:…`; undefined for the one that the settings name. */
    readonly image: string | undefined;
    readonly target: BundleTarget;
}

export type BundleTarget = { readonly folder: string } | { readonly zip: string };

/** A release cannot be made as it is asked for. */
export class BundleError extends Error {
    override readonly name = "BundleError";
}

/** Makes the release of a stack that `pulumi up` would make of the same image, and prints its version. */
export async function bundleCommand({ stack, image, target }: BundleOptions, signal: AbortSignal): Promise<ExitCode> {
    const release = bundle(await readRecipe(stack, signal), image, join(import.meta.dirname, "..", "..", "app-scripts"));
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
    throw new BundleError("The stack's image is built: name it with --image repository@sha256:…, as ./gapless publish STACK prints it.");
}

function writeFolder(release: Release, folder: string): void {
    try {
        writeRelease(release, folder);
    } catch (error) {
        if (!(error instanceof ReleaseError)) throw error;
        // With a cause the machine is to blame, without one the folder that was given.
        if (error.cause !== undefined) cannotWrite(folder, error.cause);
        throw new BundleError(error.message);
    }
}

async function writeZip(release: Release, zip: string): Promise<void> {
    const target = resolve(zip);
    const content = zipRelease(release);
    let draft: string | undefined;
    try {
        makeFolders(dirname(target));
        // Beside the target, because a rename is atomic only within one file system.
        draft = await mkdtemp(join(dirname(target), `.${basename(target)}-`));
        await writeFile(join(draft, "zip"), content, { mode: 0o600 });
        await rename(join(draft, "zip"), target);
    } catch (cause) {
        cannotWrite(zip, cause);
    } finally {
        if (draft !== undefined) await rm(draft, { recursive: true, force: true });
    }
}

function cannotWrite(target: string, cause: unknown): never {
    const { code, errno, path, syscall, message } = cause as NodeJS.ErrnoException;
    // Of Node's own message people understand the words of the system, and not the names of drafts.
    const words = errno === undefined ? message : getSystemErrorMap().get(errno)?.[1] ?? code;
    const reason = code === "EISDIR" ? "a folder is there" : words;
    const where = syscall === "mkdir" ? `, for '${path}' cannot be made` : "";
    throw new BundleError(`The release cannot be written to '${target}'${where}: ${reason}`, { cause });
}
