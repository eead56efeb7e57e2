import { DeliveryError } from "../../release/aws/error";
import type { DockerClient } from "./docker-client";

/** How an image is built, and what it is called. */
export interface ImageBuild {
    /** `<registry>/<name>` */
    readonly repository: string;
    readonly tag: string;
    readonly context: string;
    readonly dockerfile: string;
    readonly args: Readonly<Record<string, string>>;
    /** Such as `linux/arm64`. */
    readonly platform: string;
}

export interface BuildOptions {
    readonly docker: DockerClient;
    /** Gets what Docker prints. */
    readonly note: (line: string) => void;
}

/** Of buildx, where there is one: all builds of a machine share it, and with it what its layers have kept. */
const cachingBuilder = "gapless";

/** Builds an image and pushes it, by the best builder that Docker has here. */
export async function buildAndPush(build: ImageBuild, options: BuildOptions): Promise<void> {
    if (await succeeds(options.docker, ["buildx", "version"])) await buildWithBuildx(build, options);
    else await buildPlainly(build, options);
}

/** Without provenance the tag leads to the image itself: an index around it would keep the tag, and a clean-up of untagged images take the image. */
async function buildWithBuildx(build: ImageBuild, { docker, note }: BuildOptions): Promise<void> {
    const caching = await hasCachingBuilder(docker, note);
    await checkPlatform(docker, build.platform, caching ? [cachingBuilder] : []);
    const cache = `type=registry,ref=${build.repository}:cache`;
    const options = caching ? ["--builder", cachingBuilder, "--cache-from", cache, "--cache-to", `${cache},mode=max,image-manifest=true,oci-mediatypes=true`] : [];
    await docker.run(["buildx", "build", ...buildOptions(build), ...options, "--provenance=false", "--push", build.context], note);
}

async function buildPlainly(build: ImageBuild, { docker, note }: BuildOptions): Promise<void> {
    const own = (await docker.run(["version", "--format", "{{.Server.Os}}/{{.Server.Arch}}"])).trim();
    if (own !== build.platform) throw cannotBuild(build.platform, own, "Install Docker's plugin buildx, which builds for others");
    await docker.run(["build", ...buildOptions(build), build.context], note);
    await docker.run(["push", "--quiet", `${build.repository}:${build.tag}`], note);
}

function buildOptions({ repository, tag, platform, dockerfile, args }: ImageBuild): readonly string[] {
    const values = Object.entries(args).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]);
    return ["--platform", platform, "--file", dockerfile, "--tag", `${repository}:${tag}`, ...values];
}

/**
 * Docker's own builder cannot export a cache. One that can is an image from Docker Hub, which may be out of reach: then the builder
 * is there by name, and everything that is built with it fails.
 */
async function hasCachingBuilder(docker: DockerClient, note: (line: string) => void): Promise<boolean> {
    if (await succeeds(docker, ["buildx", "create", "--name", cachingBuilder, "--driver", "docker-container", "--bootstrap"])) return true;
    try {
        // There from before, perhaps, and only stopped.
        await docker.run(["buildx", "inspect", "--bootstrap", cachingBuilder]);
        return true;
    } catch (error) {
        note(`Builds without a cache. ${(error as Error).message}`);
        await succeeds(docker, ["buildx", "rm", "--force", cachingBuilder]);
        return false;
    }
}

async function checkPlatform(docker: DockerClient, platform: string, builder: readonly string[]): Promise<void> {
    const about = await docker.run(["buildx", "inspect", ...builder]);
    const platforms = (/^\s*Platforms:(.*)$/m.exec(about)?.[1] ?? "").split(/[\s,*]+/).filter(word => word !== "");
    // A builder that does not say may be able to.
    if (platforms.length === 0 || platforms.includes(platform)) return;
    throw cannotBuild(platform, platforms.join(", "), `Let it emulate: docker run --privileged --rm tonistiigi/binfmt --install ${platform.replace(/^linux\//, "")}`);
}

function cannotBuild(platform: string, own: string, way: string): DeliveryError {
    return new DeliveryError(
        `The hosts of this stack run ${platform}, and Docker here builds for ${own}. ${way}; or build on a machine of that kind, or name an image with --image.`,
        "usage",
    );
}

async function succeeds(docker: DockerClient, args: readonly string[]): Promise<boolean> {
    try {
        await docker.run(args);
        return true;
    } catch (error) {
        if (error instanceof DeliveryError && error.kind === "failed") return false;
        throw error;
    }
}
