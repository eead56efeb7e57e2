import { join } from "node:path";
import { makeRelease, readReleaseScripts, type Release } from "../../release/bundle";
import type { ImageSource } from "../docker/base-images";
import type { ProgramFacts } from "../program/program-facts";
import type { ProgramImage, ReleaseRecipe } from "../program/recipe";
import { buildAndPush, withReachableBase, type ImageBuild } from "./image-build";
import { prebuiltImage } from "./prebuilt-image";

/** What a release of our sample service does wrong; app/server.js knows how. */
export type Misbehaviour = "broken" | "failing" | "crashing" | "slowBoot";

/** The two releases of a rehearsal. */
export interface Releases {
    readonly first: Release;
    readonly next: Release;
}

export interface ReleaseSite extends ImageSource {
    /** Repository in the rehearsal's registry. */
    readonly repository: string;
    readonly run: string;
    /** Folder of the program. */
    readonly project: string;
}

/** Version 1 as the stage builds it. */
export async function makeFirstRelease(facts: ProgramFacts, site: ReleaseSite): Promise<Release> {
    return releaseOf(await buildOf(facts.image, site), "version-1", facts.release, site);
}

/** Version 2: built from the same files as another image, or, to see a rollback, a service that misbehaves. */
export async function makeNextRelease(
    facts: ProgramFacts, kind: "good" | Misbehaviour, site: ReleaseSite,
): Promise<Release> {
    if (kind === "good") return releaseOf(await buildOf(facts.image, site), "version-2", facts.release, site);
    // Our sample service takes the place of theirs: it knows how to fail, at their port and health path.
    const app = join(site.project, "app");
    const build = { context: app, dockerfile: join(app, "Dockerfile.prod"), args: { BEHAVIOUR: kind } };
    const { environment, containerPort, healthPath } = facts.release;
    const misplaced = { ...environment, PORT: String(containerPort), HEALTH_PATH: healthPath };
    return releaseOf(build, `version-2-${kind}`, { ...facts.release, environment: misplaced }, site);
}

// The image is built for this machine's architecture, whatever the fleet's is: it shall run here.
async function buildOf(image: ProgramImage, site: ReleaseSite): Promise<ImageBuild> {
    if ("prebuilt" in image) return prebuiltImage(image.prebuilt, site);
    return { context: join(site.project, image.context), dockerfile: join(site.project, image.dockerfile), args: image.args };
}

async function releaseOf(build: ImageBuild, label: string, recipe: ReleaseRecipe, site: ReleaseSite): Promise<Release> {
    const image = await buildAndPush(await withReachableBase(build, site), label, site);
    return makeRelease(readReleaseScripts(join(site.project, "app-scripts")), { ...recipe, image });
}
