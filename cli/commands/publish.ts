import { S3Client } from "@aws-sdk/client-s3";
import { DeliveryError } from "../../release/aws/error";
import { releaseKey } from "../../release/store-keys";
import type { CommandContext } from "../context";
import { exitCodes, type ExitCode } from "../exit-code";
import { dockerOnPath, whyNoDocker } from "../image/docker-client";
import { openRepository } from "../image/image-repository";
import { ensureImage } from "../image/stack-image";
import { gitOf, handOver, makeStackRelease, type StackRelease } from "../image/stack-release";
import { type OpenStage, openStage } from "../open-stage";
import { readRecipe } from "./recipe";

export interface PublishWords {
    readonly image?: string;
    readonly json?: boolean;
}

/** Reads what a stack's releases are made of: by its program. */
export type RecipeReader = typeof readRecipe;

/** Builds a stack's release and hands it to the stack's pipeline, without waiting for what comes of it. */
export async function publishCommand(stack: string, words: PublishWords, context: CommandContext, recipeOf: RecipeReader = readRecipe): Promise<ExitCode> {
    const open = await openStage(stack, context);
    if (open.stage.source === "pulumi") {
        throw new DeliveryError(`The releases of ${stack} are made by up (source: pulumi), so there is nothing to publish: ./gapless deploy ${stack}`, "usage");
    }
    const release = await buildRelease(open, words.image, context, recipeOf);
    const objectVersion = await handOver(new S3Client(open.access), open.stage.releaseBucket, release, context);
    const { version, image } = release;
    const key = releaseKey(version);
    context.print({ version, image, objectVersion, key }, [`release ${version}`, `image ${image}`, `object version ${objectVersion}`].join("\n"));
    return exitCodes.done;
}

/**
 * Makes a release of what lies here.
 * @param given image to take instead of one that is built
 */
export async function buildRelease({ stage, access }: OpenStage, given: string | undefined, context: CommandContext, recipeOf: RecipeReader): Promise<StackRelease> {
    const { tell, signal } = context;
    // Asked first, which takes no time: to read the program takes seconds.
    const noDocker = given === undefined ? await whyNoDocker(dockerOnPath(context), stage.stack) : undefined;
    if (noDocker !== undefined) tell.warn(`only what is built already can be released. ${noDocker}`);
    tell.step(`reading the program of ${stage.stack}`);
    const [recipe, commit] = await Promise.all([recipeOf(stage.stack, signal), gitOf(context).commit()]);
    const image = given ?? await ensureImage(recipe.image, stage.repository, () => openRepository(stage.repository, { ...context, access }), commit?.hash, { ...context, noDocker });
    return makeStackRelease(recipe, image, commit, context);
}
