import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { canHave, type ImageSource } from "../docker/base-images";
import { PlanError } from "../plan";
import type { ImageBuild } from "./image-build";

/**
 * How to build an image that is built already: as a layer of nothing on it, so that version 2 can be another image than version 1.
 * @throws PlanError when Docker neither has the image nor can pull it
 */
export async function prebuiltImage(image: string, source: ImageSource): Promise<ImageBuild> {
    if (!(await canHave(image, source))) throw new PlanError(isMissing(image, source));
    const context = join(source.folder, "prebuilt");
    await mkdir(context, { recursive: true });
    const dockerfile = join(context, "Dockerfile");
    await writeFile(dockerfile, `FROM ${image}\n`);
    return { context, dockerfile, args: {} };
}

function isMissing(image: string, { docker }: ImageSource): string {
    const where = `The image ${image} is not in Docker and cannot be pulled.`;
    // Only a daemon of our own is reached by an address that its client was given.
    return docker.environment["DOCKER_HOST"] === undefined
        ? `${where} Build it (docker build --tag ${image} .), log in to its registry, or name another by --image.`
        : `${where} No Docker of yours answers, so this rehearsal has one of its own, which has none of your images: start yours (docker info must answer), `
            + "or have the image built here, by --set dockerfile=FILE --set imageContext=FOLDER.";
}
