import { DeliveryError } from "../release/aws/error";
import { followPipeline } from "../release/aws/follow-pipeline";
import { startBuild } from "../release/aws/pipelines";
import { readTriggered } from "../release/aws/triggered-release";
import type { BuildParameter } from "../release/stage";
import { clientsOf } from "./clients";
import type { CommandContext } from "./context";
import { deliver, patienceFromNow, tellPipeline } from "./delivery";
import type { ExitCode } from "./exit-code";
import { followView } from "./follow-view";
import { awaitStack } from "./hand-over";
import { gitOf } from "./image/stack-release";
import type { OpenStage } from "./open-stage";

/** The build is GitHub's and CodeBuild's, of what was pushed; nothing is built here. */
export async function deployFromGitHub(open: OpenStage, waitMinutes: number, context: CommandContext): Promise<ExitCode> {
    const { stage } = open;
    const { codePipeline, codeDeploy, s3 } = clientsOf(open);
    const { clock, signal, tell } = context;
    if (stage.build === undefined) throw new DeliveryError(`${stage.stack} has no build pipeline yet: ./gapless up ${stage.stack} makes it.`, "usage");
    const commit = await pushedCommit(stage.stack, stage.build, context);
    const patience = patienceFromNow(waitMinutes, clock);
    await awaitStack(open, patience, context);
    const executionId = await startBuild(codePipeline, stage.build.pipeline, commit, signal);
    tell.step(`build of commit ${commit.slice(0, 12)} by pipeline ${stage.build.pipeline}`);
    const options = { stack: stage.stack, clock, signal, tell: followView(tell), ...patience };
    const built = await followPipeline({ codePipeline, codeDeploy }, stage.build.pipeline, { executionId }, options);
    if (built.result !== "succeeded") return tellPipeline(open, { commit }, built, context);
    const objectVersion = built.variables["GAPLESS_OBJECT_VERSION"];
    if (objectVersion === undefined) {
        throw new DeliveryError(`The build of ${commit} has not told which release it made: its buildspec must export GAPLESS_OBJECT_VERSION. The pipeline deploys it all the same; see ./gapless status ${stage.stack}.`);
    }
    return deliver(open, await readTriggered(s3, stage.releaseBucket, objectVersion, signal), patience, context);
}

async function pushedCommit(stack: string, build: BuildParameter, context: CommandContext): Promise<string> {
    const git = gitOf(context);
    const commit = await git.commit();
    if (commit === undefined) throw new DeliveryError("This folder is in no git repository, and the build takes a commit of it.", "usage");
    if (await git.hasChanges()) context.tell.warn(`changes that are not committed are not released: commit ${commit.hash.slice(0, 12)} is`);
    const { repository, branch } = build;
    const state = await git.pushState(commit.hash, repository, branch);
    if (state === "yes") return commit.hash;
    const why = state === "no"
        ? `Commit ${commit.hash.slice(0, 12)} is not on branch ${branch} of ${repository}, as far as git knows here, and ${stack} gets its releases from there. First: git push, or git fetch when somebody else has pushed it.`
        : `${stack} gets its releases from branch ${branch} of ${repository}, and no remote of this repository leads there. First: git remote add, and git fetch.`;
    throw new DeliveryError(`${why} Then again: ./gapless deploy ${stack}`, "usage");
}
