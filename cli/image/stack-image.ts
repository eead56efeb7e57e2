import type { Teller } from "../teller";
import type { ImageRecipe } from "../commands/recipe";
import { DeliveryError } from "../../release/aws/error";
import { buildAndPush } from "./build-image";
import { type DockerClient, dockerOnPath } from "./docker-client";
import { withLogins } from "./docker-login";
import type { ImageRepository } from "./image-repository";

/** What is around the making of an image. */
export interface Surroundings {
    readonly env: Readonly<Record<string, string | undefined>>;
    /** Folder that the recipe's paths are relative to. */
    readonly folder: string;
    readonly signal: AbortSignal;
    readonly tell: Teller;
    /** @default the client on PATH */
    readonly docker?: (env: Surroundings["env"]) => DockerClient;
    /** Why nothing can be built here. @default something can */
    readonly noDocker?: string | undefined;
}

/**
 * Makes sure that the image of a recipe is in its repository, and says which it is: `repository@sha256:…`.
 * What was built before, by whomever, is not built again: a hash over all that goes into an image is its tag.
 * @param name of the repository
 * @param commit gets a tag, too; undefined for none
 */
export async function ensureImage(
    recipe: ImageRecipe, name: string, open: () => ImageRepository, commit: string | undefined, around: Surroundings,
): Promise<string> {
    if ("prebuilt" in recipe) {
        around.tell.step("the settings name the image: nothing is built");
        return recipe.prebuilt;
    }
    const repository = open();
    const digest = await repository.digestOf(recipe.tag);
    if (digest !== undefined) around.tell.step(`image ${name}:${recipe.tag} is built already`);
    const image = digest ?? await build(recipe, name, repository, around);
    // For people who look for an image; releases name theirs by digest.
    for (const tag of [...(commit === undefined ? [] : [commit]), "latest"]) {
        if (!await repository.addTag(image, tag)) around.tell.note(`the tag ${tag} stays with the image that has it`);
    }
    return `${name}@${image}`;
}

async function build(recipe: Exclude<ImageRecipe, { prebuilt: string }>, name: string, repository: ImageRepository, around: Surroundings): Promise<string> {
    const { env, folder, signal, tell, noDocker } = around;
    if (noDocker !== undefined) throw new DeliveryError(`The image ${name}:${recipe.tag} is not built yet, and cannot be built here. ${noDocker}`, "usage");
    tell.step(`building image ${name}:${recipe.tag} for ${recipe.platform}`);
    await withLogins(env, await repository.logins(), loggedIn => buildAndPush({ repository: name, ...recipe }, {
        docker: around.docker?.(loggedIn) ?? dockerOnPath({ env: loggedIn, folder, signal }), note: line => { tell.note(line); },
    }));
    const digest = await repository.digestOf(recipe.tag);
    if (digest === undefined) throw new DeliveryError(`The registry does not know ${name}:${recipe.tag}, which was just pushed.`);
    tell.step(`pushed ${name}@${digest}`);
    return digest;
}
