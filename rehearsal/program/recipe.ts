import { z } from "zod";
import type { ReleaseInputs } from "../../release/bundle";
import { ProgramError } from "./program-error";

/** The image of a program: how it is built, or which one it is. */
export type ProgramImage =
    | { readonly context: string; readonly dockerfile: string; readonly args: Readonly<Record<string, string>>; readonly platform: string }
    | { readonly prebuilt: string };

/** What a release of a program is made of besides its image. */
export type ReleaseRecipe = Omit<ReleaseInputs, "image">;

/** What a program's releases are made of, whoever makes them. */
export interface ProgramRecipe {
    readonly image: ProgramImage;
    readonly release: ReleaseRecipe;
}

const texts = z.record(z.string(), z.string());

const recipe = z.object({
    image: z.union([
        z.object({ prebuilt: z.string() }),
        z.object({ context: z.string(), dockerfile: z.string(), platform: z.string(), args: texts.default({}) }),
    ]),
    release: z.object({
        containerPort: z.number(), healthPath: z.string(), probePath: z.string(), healthTimeoutSeconds: z.number(), stopGraceSeconds: z.number(),
        environment: texts,
    }),
});

/** Reads the recipe from the outputs of a stack. */
export function readRecipe({ recipe: output }: Readonly<Record<string, unknown>>): ProgramRecipe {
    if (output === undefined) throw new ProgramError("The program has no output 'recipe', and a rehearsal makes its releases by it.");
    const result = recipe.safeParse(output);
    if (result.success) return result.data;
    throw new ProgramError(`The program's output 'recipe' cannot be rehearsed:\n${z.prettifyError(result.error)}`, 1, { cause: result.error });
}
