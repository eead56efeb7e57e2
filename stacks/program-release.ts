import * as pulumi from "@pulumi/pulumi";
import { makeRelease, readReleaseScripts, type ReleaseFile, zipRelease } from "../release/bundle";
import { ReleaseError } from "../release/error";
import type { Recipe } from "./recipe";

/** A release as the program publishes it. */
export interface ProgramRelease {
    readonly version: pulumi.Output<string>;
    /** The zip, in base64. */
    readonly zip: pulumi.Output<string>;
}

/** The release of an image whose digest is known only once it is built. */
export function releaseOf(image: pulumi.Output<string>, { release: recipe }: Recipe): ProgramRelease {
    const scripts = readScripts("app-scripts");
    const { environment, ...rest } = recipe;
    const release = pulumi.all([image, environment]).apply(([image, environment]) => {
        const made = makeRelease(scripts, { ...rest, image, environment });
        return { version: made.version, zip: Buffer.from(zipRelease(made)).toString("base64") };
    });
    // The version is a hash and names public things, also when the environment in it is secret.
    return { version: pulumi.unsecret(release.version), zip: release.zip };
}

/** The hook scripts; one that cannot work is the user's to mend, so it is told as one line and not as a crash of the program. */
function readScripts(folder: string): readonly ReleaseFile[] {
    try {
        return readReleaseScripts(folder);
    } catch (error) {
        throw error instanceof ReleaseError ? new pulumi.RunError(error.message) : error;
    }
}
