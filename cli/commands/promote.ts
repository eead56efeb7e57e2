import { DeliveryError } from "../../release/aws/error";
import { readHistory } from "../../release/aws/history";
import { findRelease } from "../../release/aws/releases";
import { splitReference } from "../../release/ecr-repository";
import { differences, explainDifferences, type PromotionSide } from "../../release/promotion";
import { copyImage } from "../../release/registry/copy-image";
import { Registry } from "../../release/registry/registry";
import { registryRepository } from "../../release/registry/repository";
import { clientsOf } from "../clients";
import type { CommandContext } from "../context";
import type { ExitCode } from "../exit-code";
import { handOverAndDeliver } from "../hand-over";
import { openRepository } from "../image/image-repository";
import { makeStackRelease } from "../image/stack-release";
import { type OpenStage, openStage } from "../open-stage";
import type { WaitWords } from "../words/release";
import type { RecipeReader } from "./publish";
import { readRecipe, type Recipe } from "./recipe";

/** What serves in a stack. */
interface Serving {
    readonly version: string;
    /** `repository@sha256:…` */
    readonly image: string;
    readonly commit?: string | undefined;
}

/** Releases to one stack the very image that serves in another, with the settings of the one that gets it. Nothing is built. */
export async function promoteCommand(from: string, to: string, { wait }: WaitWords, context: CommandContext, recipeOf: RecipeReader = readRecipe): Promise<ExitCode> {
    if (from === to) throw new DeliveryError(`A release is promoted from one stack to another, and ${from} is both.`, "usage");
    const [source, target] = await Promise.all([openStage(from, context), openStage(to, context)]);
    context.tell.step(`reading the programs of ${from} and ${to}`);
    const [here, there, serving] = await Promise.all([recipeOf(from, context.signal), recipeOf(to, context.signal), servingIn(source, context)]);
    const { digest } = splitReference(serving.image);
    refuseDifferences(sideOf(source, here), sideOf(target, there), digest);
    if (target.stage.source === "pulumi") context.tell.warn(`the next up of ${to} publishes the release of its own program again (source: pulumi)`);
    const image = await bringImage(source, target, there, serving, context);
    const commit = serving.commit === undefined ? undefined : { hash: serving.commit, title: `promoted from ${from}` };
    return handOverAndDeliver(target, makeStackRelease(there, image, commit, context), wait, context);
}

async function servingIn(open: OpenStage, { signal }: CommandContext): Promise<Serving> {
    const { stack, releaseBucket } = open.stage;
    const { codeDeploy, s3 } = clientsOf(open);
    const { running } = await readHistory(codeDeploy, s3, open.stage, { signal });
    if (running?.entry) return running.entry;
    if (running?.version !== undefined) return findRelease(s3, releaseBucket, running.version, signal);
    throw new DeliveryError(
        `Nobody has written down which release serves in ${stack}${running ? ` (deployment ${running.deploymentId})` : ""}: see ./gapless status ${stack}. `
        + `./gapless deploy ${stack} releases one that is known.`, "needsPerson",
    );
}

function sideOf({ stage: { stack, architecture } }: OpenStage, { image }: Recipe): PromotionSide {
    return { stack, architecture, image };
}

function refuseDifferences(from: PromotionSide, to: PromotionSide, digest: string): void {
    const found = differences(from, to, digest);
    if (found.length > 0) throw new DeliveryError(explainDifferences(from.stack, to.stack, found), "usage");
}

/** The image as the target's hosts name it, once it is where they get it from. */
async function bringImage(source: OpenStage, target: OpenStage, { image: recipe }: Recipe, serving: Serving, context: CommandContext): Promise<string> {
    if ("prebuilt" in recipe) return recipe.prebuilt;
    const { repository: held, digest } = splitReference(serving.image);
    const { repository } = target.stage;
    const [fromPlace, toPlace] = [registryRepository(held), registryRepository(repository)];
    if (fromPlace.origin === toPlace.origin && fromPlace.name === toPlace.name) return `${repository}@${digest}`;
    context.tell.step(`copying ${serving.image} to ${repository}`);
    const { signal, tell } = context;
    const from = new Registry(fromPlace, { credentials: () => openRepository(held, { ...context, access: source.access }).credentials(), signal });
    const to = new Registry(toPlace, {
        credentials: () => openRepository(repository, { ...context, access: target.access }).credentials(), writes: true, signal,
        ...(fromPlace.origin === toPlace.origin && { mountsFrom: fromPlace.name }),
    });
    await copyImage(from, to, digest, `promoted-${serving.version}`, tell);
    return `${repository}@${digest}`;
}
