import { resolve } from "node:path";
import { type Command, Option } from "commander";
import type { BundleOptions } from "../commands/bundle";
import { digestReference, whichStack } from "./kinds";
import type { Run } from "./run";

/** What a release is made of, for builders of one's own. */
export function addRecipe(program: Command, run: Run): void {
    program.command("recipe")
        .description("print what a stack's release is made of, as JSON: how its image is built, and the settings in it")
        .argument("<stack>", whichStack)
        .action((stack: string) => run({}, async ({ signal }) => {
            const { recipeCommand } = await import("../commands/recipe");
            return recipeCommand(stack, signal);
        }));

    const bundle = program.command("bundle")
        .description("make the release that pulumi up would make of an image, and print its version")
        .argument("<stack>", whichStack)
        .option("--image <reference>", "repository@sha256:… (default: the image that the settings name)", digestReference)
        .option("--folder <path>", "new or empty folder to write it to")
        .addOption(new Option("--zip <path>", "zip file to write it to").conflicts("folder"))
        .action((stack: string, words: BundleWords) => {
            if (words.folder === undefined && words.zip === undefined) bundle.error("error: say where to: --folder DIR or --zip FILE");
            return run({}, async ({ callerFolder, signal }) => {
                const { bundleCommand } = await import("../commands/bundle");
                return bundleCommand(toBundleOptions(stack, words, callerFolder), signal);
            });
        });
}

/** The words of `bundle` as they were parsed. */
export interface BundleWords {
    readonly image?: string;
    readonly folder?: string;
    readonly zip?: string;
}

/** What the words of `bundle` ask for, of which one says where to. */
export function toBundleOptions(stack: string, { image, folder, zip = "" }: BundleWords, callerFolder: string): BundleOptions {
    return { stack, image, target: folder === undefined ? { zip: resolve(callerFolder, zip) } : { folder: resolve(callerFolder, folder) } };
}
