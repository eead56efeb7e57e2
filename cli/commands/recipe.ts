import { join } from "node:path";
import { z } from "zod";
import { ProgramError } from "../../rehearsal/program/program-error";
import { recordProgram } from "../../rehearsal/program/read-program";
import { type ProgramImage, type ReleaseRecipe, readRecipe as readProgramRecipe } from "../../rehearsal/program/recipe";
import { readStackConfig } from "../../rehearsal/program/stack-config";
import { ingredients } from "../../release/ingredients";
import { exitCodes, type ExitCode } from "../exit-code";

/** What a release of a stack is made of, whoever builds it. */
export interface Recipe {
    readonly image: ImageRecipe;
    readonly release: ReleaseRecipe;
}

/** How the image is built, with the tag by which a builder finds it built already; or which one it is. */
export type ImageRecipe =
    | Extract<ProgramImage, { readonly prebuilt: string }>
    | (Extract<ProgramImage, { readonly context: string }> & { readonly tag: string });

/** The release of a stack cannot be made outside of `pulumi up`. */
export class RecipeError extends Error {
    override readonly name = "RecipeError";
}

/** Prints the recipe of a stack, for builders. */
export async function recipeCommand(stack: string, signal: AbortSignal): Promise<ExitCode> {
    process.stdout.write(`${JSON.stringify(await readRecipe(stack, signal), undefined, 2)}\n`);
    return exitCodes.done;
}

/** Reads the recipe from the stack's program, without Pulumi and without an account. */
export async function readRecipe(stack: string, signal: AbortSignal): Promise<Recipe> {
    const { secretKeys } = readStackConfig(join(import.meta.dirname, "..", ".."), stack);
    refuseEncrypted(secretKeys, stack);
    const { outputs } = await recordProgram(stack, signal);
    return recipeOf(outputs);
}

/** Only Pulumi can decrypt a value; what was read in its place must not get into a release. */
export function refuseEncrypted(secretKeys: readonly string[], stack: string): void {
    const encrypted = secretKeys.filter(key => (ingredients as readonly string[]).includes(key.replace(/^.*:/, "")));
    if (encrypted.length === 0) return;
    throw new RecipeError(
        `${encrypted.join(", ")} in Pulumi.${stack}.yaml is encrypted, so only pulumi up can make this stack's release. `
        + "Let the service read its secrets from SSM or Secrets Manager (docs/decisions/0007), or take source: pulumi.",
    );
}

/** The recipe among the outputs of a stack. */
export function recipeOf(outputs: Readonly<Record<string, unknown>>): Recipe {
    const { image, release } = readProgramRecipe(outputs);
    if ("prebuilt" in image) return { image, release };
    const tagged = tag.safeParse(outputs);
    if (!tagged.success) throw new ProgramError("The program's output 'recipe' has no tag for the image, by which builders find it.");
    return { image: { ...image, tag: tagged.data.recipe.image.tag }, release };
}

// The rehearsal, which reads the rest, builds images of its own and has no use for it.
const tag = z.object({ recipe: z.object({ image: z.object({ tag: z.string() }) }) });
