import { DeliveryError } from "../../release/aws/error";
import { newestExecutions, startRelease } from "../../release/aws/pipelines";
import { storeRelease } from "../../release/aws/releases";
import { readTriggered, type TriggeredRelease } from "../../release/aws/triggered-release";
import { goingOnOf } from "../../release/pipeline-progress";
import type { RollWishes } from "../../release/roll-wishes";
import { up as upStack } from "../automation/up";
import { clientsOf } from "../clients";
import type { CommandContext } from "../context";
import { deliver, patienceFromNow } from "../delivery";
import { deployFromGitHub } from "../deploy-from-github";
import type { ExitCode } from "../exit-code";
import { awaitStack, handOverAndDeliver, lastHandedOver, serves } from "../hand-over";
import { type OpenStage, openStage } from "../open-stage";
import { rollRelease } from "../roll-release";
import { rollWishes, type ShiftWords } from "../roll-words";
import { tellNothingNew } from "../tell-end";
import { buildRelease, type RecipeReader } from "./publish";
import { readRecipe } from "./recipe";

export interface DeployWords extends ShiftWords {
    readonly image?: string;
    readonly direct?: boolean;
    readonly backend?: string;
    readonly yes?: boolean;
    readonly wait: number;
    readonly json?: boolean;
}

/** By what a deployment reads the program and changes the stack. */
export interface DeployTools {
    readonly recipeOf: RecipeReader;
    readonly up: (...args: [stack: string, words: DeployWords, context: CommandContext]) => Promise<{ readonly outputs: Readonly<Record<string, { readonly value: unknown }>> }>;
}

const systemTools: DeployTools = { recipeOf: readRecipe, up: (stack, words, context) => upStack(stack, words, context) };

/** Releases what lies here, the way the stack's releases come, and watches it until the end. */
export async function deployCommand(stack: string, words: DeployWords, context: CommandContext, tools = systemTools): Promise<ExitCode> {
    const open = await openStage(stack, context);
    const { source } = open.stage;
    const wishes = rollWishes(open.stage, words, words.direct ? "direct" : "pipeline");
    if (source === "pulumi") return deployByUp(open, words, context, tools);
    if (words.direct) return deployDirectly(open, words, wishes, context, tools);
    // An image that is there needs no build, whoever would have built it.
    return source === "github" && words.image === undefined ? deployFromGitHub(open, words.wait, context) : deployFromHere(open, words, wishes, context, tools);
}

async function deployFromHere(open: OpenStage, words: DeployWords, wishes: RollWishes, context: CommandContext, { recipeOf }: DeployTools): Promise<ExitCode> {
    const release = await buildRelease(open, words.image, context, recipeOf);
    return handOverAndDeliver(open, release, words.wait, context, wishes);
}

/** The releases of such a stack are a part of its program, so `up` makes and publishes them. */
async function deployByUp(open: OpenStage, words: DeployWords, context: CommandContext, { up }: DeployTools): Promise<ExitCode> {
    const { stack, releaseBucket } = open.stage;
    refuseForPulumi(stack, words);
    const patience = patienceFromNow(words.wait, context.clock);
    const before = await lastHandedOver(open, context.signal);
    const { outputs } = await up(stack, words, context);
    const objectVersion = outputs["triggerObjectVersion"]?.value;
    if (typeof objectVersion !== "string") throw new DeliveryError(`The stack ${stack} has no output triggerObjectVersion, by which its release is followed.`);
    // It may have another pipeline by now.
    const changed = await openStage(stack, context);
    const release = await readTriggered(clientsOf(open).s3, releaseBucket, objectVersion, context.signal);
    const after = await lastHandedOver(changed, context.signal);
    // Only what was written just now starts the pipeline; an execution of anything older tells nothing of what serves.
    if (objectVersion !== before?.objectVersion && objectVersion === after?.objectVersion) return deliver(changed, release, patience, context);
    if (await serves(changed, release.version, context.signal)) return tellNothingNew(changed, release.version, context);
    await awaitStack(changed, patience, context);
    return deliver(changed, release, patience, context, { executionId: await startAgain(changed, release, context) });
}

function refuseForPulumi(stack: string, { image, direct }: DeployWords): void {
    if (image !== undefined) throw new DeliveryError(`The releases of ${stack} are made by up (source: pulumi): set imageDigest to ${image} in Pulumi.${stack}.yaml instead of --image.`, "usage");
    if (direct) throw new DeliveryError(`The releases of ${stack} are made by up (source: pulumi), which starts the pipeline: there is no --direct. To put a release past the pipeline that is there: ./gapless roll ${stack} VERSION`, "usage");
}

/** Starts the pipeline for what it had before: `up` does so only for what is new. Returns the execution's id. */
async function startAgain(open: OpenStage, { version, objectVersion }: TriggeredRelease, { signal, tell }: CommandContext): Promise<string> {
    const { codePipeline } = clientsOf(open);
    const { pipeline } = open.stage;
    const onItsWay = goingOnOf(objectVersion, await newestExecutions(codePipeline, pipeline, signal));
    tell.step(onItsWay === undefined ? `up has published nothing new, and release ${version} does not serve: starting pipeline ${pipeline}` : `release ${version} is on its way already`);
    return onItsWay ?? startRelease(codePipeline, pipeline, objectVersion, signal);
}

async function deployDirectly(open: OpenStage, words: DeployWords, wishes: RollWishes, context: CommandContext, { recipeOf }: DeployTools): Promise<ExitCode> {
    const { clock, signal } = context;
    const release = await buildRelease(open, words.image, context, recipeOf);
    const { version, image } = release;
    const { objectVersion } = await storeRelease(clientsOf(open).s3, open.stage.releaseBucket, release, release.metadata, clock, signal);
    return rollRelease(open, { version, image, objectVersion }, wishes, words, context);
}
