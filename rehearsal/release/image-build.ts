import { readFile } from "node:fs/promises";
import { canHave, nodeImage, standIn, type ImageSource } from "../docker/base-images";
import { withoutLimit } from "../docker/docker";

export interface ImageBuild {
    /** Folder of the build context. */
    readonly context: string;
    readonly dockerfile: string;
    readonly args: Readonly<Record<string, string>>;
}

export interface PushTarget extends ImageSource {
    readonly repository: string;
    /** The run, by which the clean-up finds the image. */
    readonly run: string;
}

/** An image cannot be built; carries the builder's last lines. */
export class ImageBuildError extends Error {
    override readonly name = "ImageBuildError";
}

/**
 * Builds an image and pushes it to the rehearsal's registry.
 * @param label makes two builds of the same files two images, as two commits would be
 * @returns repository@sha256:…
 */
export async function buildAndPush(build: ImageBuild, label: string, target: PushTarget): Promise<string> {
    const { docker, repository, run, signal } = target;
    const tag = `${repository}:${label}`;
    const options = [
        "--force-rm", "--tag", tag, "--file", build.dockerfile, "--label", `gapless.run=${run}`, "--label", `gapless.rehearsal=${label}`,
        ...(docker.buildNetwork ? ["--network", docker.buildNetwork] : []),
        ...Object.entries(build.args).flatMap(([key, value]) => ["--build-arg", `${key}=${value}`]),
    ];
    try {
        await docker.run(["build", ...options, build.context], withoutLimit);
    } catch (cause) {
        signal.throwIfAborted();
        const lines = cause instanceof Error ? cause.message.split("\n").slice(1).join("\n") : "";
        throw new ImageBuildError(`${build.dockerfile} does not build. The builder's last lines:\n${lines}`, { cause });
    }
    await docker.run(["push", "--quiet", tag], withoutLimit);
    const digests = await docker.run(["image", "inspect", "--format", '{{join .RepoDigests "\\n"}}', tag]);
    const reference = digests.split("\n").find(digest => digest.startsWith(`${repository}@`));
    if (!reference) throw new ImageBuildError(`The registry gave no digest for ${tag}: ${digests}`);
    return reference;
}

/** The build with its base image replaced by one made here, when a Node base can be neither found nor pulled. */
export async function withReachableBase(build: ImageBuild, source: ImageSource): Promise<ImageBuild> {
    const text = await readFile(build.dockerfile, "utf8").catch((cause: unknown) => {
        throw new ImageBuildError(`${build.dockerfile} cannot be read. Set gapless:dockerfile.`, { cause });
    });
    const wanted = build.args["BASE_IMAGE"] ?? /^ARG\s+BASE_IMAGE=(\S+)/m.exec(text)?.[1];
    if (wanted === undefined || !/(^|\/)node(:|$)/.test(wanted) || (await canHave(wanted, source))) return build;
    return { ...build, args: { ...build.args, BASE_IMAGE: await standIn(nodeImage, wanted, source) } };
}
