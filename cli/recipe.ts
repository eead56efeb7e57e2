import { join } from "node:path";
import { z } from "zod";
import type { RecordedProgram } from "../rehearsal/program/program-facts";
import { recordProgram } from "../rehearsal/program/read-program";
import { readStackConfig } from "../rehearsal/program/stack-config";
import type { ReleaseInputs } from "../release/bundle";
import { exitCodes, type ExitCode } from "./exit-code";

/** What a release of a stage is made of; the stack's output of this name. */
export interface Recipe {
    readonly image: ImageRecipe;
    readonly release: Omit<ReleaseInputs, "image">;
}

/** How the image is built, with the tag by which a builder finds it built already; or which one it is. */
export type ImageRecipe =
    | { readonly prebuilt: string }
    | {
          readonly context: string;
          readonly dockerfile: string;
          readonly args: Readonly<Record<string, string>>;
          readonly platform: string;
          readonly tag: string;
      };

/** The release of a stage cannot be made outside of `pulumi up`. */
export class RecipeError extends Error {
    override readonly name = "RecipeError";
}

/** Prints the recipe of a stage, for builders. */
export async function recipeCommand(stage: string, signal: AbortSignal): Promise<ExitCode> {
    process.stdout.write(`${JSON.stringify(await readRecipe(stage, signal), undefined, 2)}\n`);
    return exitCodes.done;
}

/** Reads the recipe from the stage's program, without Pulumi and without an account. */
export async function readRecipe(stage: string, signal: AbortSignal): Promise<Recipe> {
    const { secretKeys } = readStackConfig(join(import.meta.dirname, ".."), stage);
    refuseEncrypted(secretKeys, stage);
    return recipeOf(await recordProgram(stage, signal));
}

// What goes into an image or a release. Others, such as an encrypted certificate's ARN, may be what they like.
const ingredients = [
    "imageDigest", "imageContext", "dockerfile", "buildArgs", "instanceType", "containerPort", "healthPath", "probePath",
    "healthTimeoutSeconds", "stopGraceSeconds", "environment",
];

/** Only Pulumi can decrypt a value; what was read in its place must not get into a release. */
export function refuseEncrypted(secretKeys: readonly string[], stage: string): void {
    const encrypted = secretKeys.filter(key => ingredients.includes(key.replace(/^.*:/, "")));
    if (encrypted.length === 0) return;
    throw new RecipeError(
        `${encrypted.join(", ")} in Pulumi.${stage}.yaml is encrypted, so only pulumi up can make this stage's release. `
        + "Let the service read its secrets from SSM or Secrets Manager (docs/decisions/0007), or take source: pulumi.",
    );
}

/** The recipe among the outputs of a program. */
export function recipeOf({ outputs }: RecordedProgram): Recipe {
    const read = recipe.safeParse(outputs["recipe"]);
    if (read.success) return read.data;
    throw new Error(`The program's output 'recipe' is none:\n${z.prettifyError(read.error)}`, { cause: read.error });
}

const texts = z.record(z.string(), z.string());

const recipe = z.object({
    image: z.union([
        z.object({ prebuilt: z.string() }),
        z.object({ context: z.string(), dockerfile: z.string(), args: texts.default({}), platform: z.string(), tag: z.string() }),
    ]),
    release: z.object({
        containerPort: z.number(), healthPath: z.string(), probePath: z.string(), healthTimeoutSeconds: z.number(),
        stopGraceSeconds: z.number(), environment: texts,
    }),
});
