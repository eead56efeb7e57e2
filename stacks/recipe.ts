import * as pulumi from "@pulumi/pulumi";
import { architectureOf, type ImageBuild, type ImageSource } from "../components";
import type { ReleaseInputs } from "../release/bundle";
import { contentHash } from "./image-content";
import { required } from "./required";
import type { Settings } from "./settings";

/**
 * What a release of a stage is made of, whoever makes it: `pulumi up`, CodeBuild, Jenkins or the rehearsal. The stack tells it
 * as an output, so that all of them make the same release of the same commit.
 */
export interface Recipe {
    readonly image: ImageRecipe;
    readonly release: Omit<ReleaseInputs, "image" | "environment"> & { readonly environment: pulumi.Output<ReleaseInputs["environment"]> };
}

/** The image: how to build it, with the tag by which a builder finds it built already; or which one it is. */
export type ImageRecipe = { readonly prebuilt: string } | (Omit<ImageBuild, "contentHash"> & { readonly tag: string });

export function recipeOf(settings: Settings, source: ImageSource): Recipe {
    const { containerPort, healthPath, probePath, healthTimeoutSeconds, stopGraceSeconds, secretEnvironment } = settings;
    const environment = secretEnvironment ? pulumi.secret(settings.environment) : pulumi.output(settings.environment);
    return {
        image: imageRecipeOf(source),
        release: { containerPort, healthPath, probePath, healthTimeoutSeconds, stopGraceSeconds, environment },
    };
}

/** Where the stage's image comes from. */
export function imageSourceOf({ imageDigest, imageContext: context, dockerfile, buildArgs: args, instanceType }: Settings): ImageSource {
    if (imageDigest !== undefined) return { prebuilt: imageDigest };
    const { platform } = required("instanceType", architectureOf(instanceType));
    return { context, dockerfile, args, platform, contentHash: contentHash({ context, dockerfile, args, platform }) };
}

function imageRecipeOf(source: ImageSource): ImageRecipe {
    if ("prebuilt" in source) return source;
    const { contentHash, ...build } = source;
    return { ...build, tag: `build-${contentHash}` };
}
