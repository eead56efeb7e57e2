import { HeadObjectCommand } from "@aws-sdk/client-s3";
import { awaitLock } from "../../release/aws/await-lock";
import { DeliveryError } from "../../release/aws/error";
import { followPipeline } from "../../release/aws/follow-pipeline";
import { readHistory } from "../../release/aws/history";
import { startBuild } from "../../release/aws/pipelines";
import { storeRelease } from "../../release/aws/releases";
import { roll } from "../../release/aws/roll";
import { StageLock, thisOwner } from "../../release/aws/stage-lock";
import { readTriggered } from "../../release/aws/triggered-release";
import { triggerKey } from "../../release/store-keys";
import { up as upStack } from "../automation/up";
import { clientsOf } from "../clients";
import type { CommandContext } from "../context";
import { deliver, tellPipeline } from "../delivery";
import { exitCodes, type ExitCode } from "../exit-code";
import { followView } from "../follow-view";
import { gitOf, handOver, type StackRelease } from "../image/stack-release";
import { type OpenStage, openStage } from "../open-stage";
import { tellEnd } from "../tell-end";
import { buildRelease, type RecipeReader } from "./publish";
import { readRecipe } from "./recipe";

export interface DeployWords {
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
    if (source === "pulumi") return deployByUp(open, words, context, tools);
    if (words.direct) return deployDirectly(open, words, context, tools);
    // An image that is there needs no build, whoever would have built it.
    return source === "github" && words.image === undefined ? deployFromGitHub(open, words, context) : deployFromHere(open, words, context, tools);
}

async function deployFromHere(open: OpenStage, words: DeployWords, context: CommandContext, { recipeOf }: DeployTools): Promise<ExitCode> {
    const release = await buildRelease(open, words.image, context, recipeOf);
    return handOverAndDeliver(open, release, words.wait, context);
}

/** Hands a release to the stack's pipeline, once nobody changes the stack or its fleet, and watches it. */
export async function handOverAndDeliver(open: OpenStage, release: StackRelease, waitMinutes: number, context: CommandContext): Promise<ExitCode> {
    await awaitStack(open, waitMinutes, context);
    const objectVersion = await handOver(clientsOf(open).s3, open.stage.releaseBucket, release, context);
    const { version, image, commit } = release;
    return deliver(open, { version, image, objectVersion, ...(commit && { commit: commit.hash }) }, waitMinutes, context);
}

function awaitStack(open: OpenStage, waitMinutes: number, { clock, env, signal, tell }: CommandContext): Promise<void> {
    return awaitLock(new StageLock(clientsOf(open).s3, open.stage.releaseBucket, thisOwner(env), clock), { stack: open.stage.stack, clock, signal, tell, waitMinutes });
}

/** The build is GitHub's and CodeBuild's, of what was pushed; nothing is built here. */
async function deployFromGitHub(open: OpenStage, { wait: waitMinutes }: DeployWords, context: CommandContext): Promise<ExitCode> {
    const { stage } = open;
    const { codePipeline, codeDeploy, s3 } = clientsOf(open);
    const { clock, signal, tell } = context;
    if (stage.build === undefined) throw new DeliveryError(`${stage.stack} has no build pipeline yet: ./gapless up ${stage.stack} makes it.`, "usage");
    const commit = await pushedCommit(stage.stack, context);
    await awaitStack(open, waitMinutes, context);
    const executionId = await startBuild(codePipeline, stage.build.pipeline, commit, signal);
    tell.step(`build of commit ${commit.slice(0, 12)} by pipeline ${stage.build.pipeline}`);
    const options = { stack: stage.stack, clock, signal, tell: followView(tell), waitMinutes };
    const built = await followPipeline({ codePipeline, codeDeploy }, stage.build.pipeline, { executionId }, options);
    if (built.result !== "succeeded") return tellPipeline(open, { commit }, built, context);
    const objectVersion = built.variables["GAPLESS_OBJECT_VERSION"];
    if (objectVersion === undefined) {
        throw new DeliveryError(`The build of ${commit} has not told which release it made: its buildspec must export GAPLESS_OBJECT_VERSION. The pipeline deploys it all the same; see ./gapless status ${stage.stack}.`);
    }
    return deliver(open, await readTriggered(s3, stage.releaseBucket, objectVersion), waitMinutes, context);
}

async function pushedCommit(stack: string, context: CommandContext): Promise<string> {
    const git = gitOf(context);
    const commit = await git.commit();
    if (commit === undefined) throw new DeliveryError("This folder is in no git repository, and the build takes a commit of it.", "usage");
    if (await git.hasChanges()) context.tell.warn(`changes that are not committed are not released: commit ${commit.hash.slice(0, 12)} is`);
    if (await git.isPushed(commit.hash)) return commit.hash;
    throw new DeliveryError(`Commit ${commit.hash.slice(0, 12)} is on no branch of a remote, where the build gets it from. First: git push. Then again: ./gapless deploy ${stack}`, "usage");
}

/** The releases of such a stack are a part of its program, so `up` makes and publishes them. */
async function deployByUp(open: OpenStage, words: DeployWords, context: CommandContext, { up }: DeployTools): Promise<ExitCode> {
    const { stack, releaseBucket } = open.stage;
    refuseForPulumi(stack, words);
    const { s3 } = clientsOf(open);
    const before = await currentVersion(open);
    const { outputs } = await up(stack, words, context);
    const objectVersion = outputs["triggerObjectVersion"]?.value;
    if (typeof objectVersion !== "string") throw new DeliveryError(`The stack ${stack} has no output triggerObjectVersion, by which its release is followed.`);
    // It may have another pipeline by now.
    const changed = await openStage(stack, context);
    const release = await readTriggered(s3, releaseBucket, objectVersion);
    if (objectVersion === before && await serves(changed, release.version)) return tellNothingNew(changed, release.version, context);
    return deliver(changed, release, words.wait, context);
}

function refuseForPulumi(stack: string, { image, direct }: DeployWords): void {
    if (image !== undefined) throw new DeliveryError(`The releases of ${stack} are made by up (source: pulumi): set imageDigest to ${image} in Pulumi.${stack}.yaml instead of --image.`, "usage");
    if (direct) throw new DeliveryError(`The releases of ${stack} are made by up (source: pulumi), which starts the pipeline: there is no --direct. To put a release past the pipeline that is there: ./gapless roll ${stack} VERSION`, "usage");
}

async function currentVersion(open: OpenStage): Promise<string | undefined> {
    try {
        return (await clientsOf(open).s3.send(new HeadObjectCommand({ Bucket: open.stage.releaseBucket, Key: triggerKey }))).VersionId;
    } catch (error) {
        if (error instanceof Error && error.name === "NotFound") return undefined;
        throw error;
    }
}

/** Deployments to look at for what serves. */
const deploymentsLookedAt = 100;

async function serves(open: OpenStage, version: string): Promise<boolean> {
    const { codeDeploy, s3 } = clientsOf(open);
    const { running } = await readHistory(codeDeploy, s3, open.stage, deploymentsLookedAt);
    return (running?.entry?.version ?? running?.version) === version;
}

function tellNothingNew({ stage }: OpenStage, version: string, context: CommandContext): ExitCode {
    context.print({ stack: stage.stack, version, result: "alreadyServing" }, `Nothing new: release ${version} serves in ${stage.stack} already: ${stage.url}`);
    return exitCodes.done;
}

async function deployDirectly(open: OpenStage, words: DeployWords, context: CommandContext, { recipeOf }: DeployTools): Promise<ExitCode> {
    const clients = clientsOf(open);
    const { clock, env, signal, tell } = context;
    const release = await buildRelease(open, words.image, context, recipeOf);
    const { version, image } = release;
    const { objectVersion } = await storeRelease(clients.s3, open.stage.releaseBucket, release, release.metadata, clock);
    const options = { stack: open.stage.stack, by: "roll", owner: thisOwner(env), waitMinutes: words.wait, clock, signal, tell: followView(tell) } as const;
    const end = await roll(clients, open.stage, { version }, options);
    if (end === undefined) return tellNothingNew(open, version, context);
    return tellEnd(open, { version, image, objectVersion }, end, context);
}
