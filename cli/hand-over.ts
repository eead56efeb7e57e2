import { HeadObjectCommand } from "@aws-sdk/client-s3";
import { awaitLock } from "../release/aws/await-lock";
import { readHistory } from "../release/aws/history";
import { servesAlready } from "../release/aws/serves-already";
import { awaitNobodyAtWork } from "../release/aws/stage-at-work";
import { StageLock, thisOwner } from "../release/aws/stage-lock";
import { versionIn } from "../release/release-metadata";
import type { RollWishes } from "../release/roll-wishes";
import { triggerKey } from "../release/store-keys";
import { clientsOf } from "./clients";
import type { CommandContext } from "./context";
import { deliver, minutesLeft, type Patience, patienceFromNow } from "./delivery";
import type { ExitCode } from "./exit-code";
import { followView } from "./follow-view";
import { handOver, type StackRelease } from "./image/stack-release";
import type { OpenStage } from "./open-stage";
import { tellNothingNew } from "./tell-end";

/** Hands a release to the stack's pipeline, once nobody changes the stack or its fleet, and watches it. What serves already is not handed over again. */
export async function handOverAndDeliver(open: OpenStage, release: StackRelease, waitMinutes: number, context: CommandContext, wishes: RollWishes = {}): Promise<ExitCode> {
    const patience = patienceFromNow(waitMinutes, context.clock);
    await awaitStack(open, patience, context);
    const { version, image, commit, metadata: { builder } } = release;
    const handedOver = await lastHandedOver(open, context.signal);
    if (handedOver?.version === version && await serves(open, version, context.signal)) return tellNothingNew(open, version, context);
    const objectVersion = await handOver(clientsOf(open).s3, open.stage.releaseBucket, release, context, wishes);
    return deliver(open, { version, image, objectVersion, ...(commit && { commit: commit.hash }), ...(builder !== undefined && { builder }) }, patience, context);
}

/** Waits until nobody changes the stack or its fleet; deployments before this one are the pipeline's to wait for. */
export async function awaitStack({ stage, access }: OpenStage, patience: Patience, { clock, env, signal, tell }: CommandContext): Promise<void> {
    const { s3, autoScaling } = clientsOf({ access });
    await awaitLock(new StageLock(s3, stage.releaseBucket, thisOwner(env), clock), { stack: stage.stack, clock, signal, tell, waitMinutes: patience.waitMinutes });
    // An instance refresh goes on without the command that began it, and without its lock.
    await awaitNobodyAtWork({ autoScaling }, stage, { clock, signal, tell: followView(tell), waitMinutes: minutesLeft(patience, clock) });
}

/** What the pipeline was handed last. */
export interface HandedOver {
    readonly objectVersion: string | undefined;
    /** Of the release; undefined when whoever handed it over has not named it. */
    readonly version: string | undefined;
}

/** Undefined before the first release. */
export async function lastHandedOver(open: OpenStage, abortSignal: AbortSignal): Promise<HandedOver | undefined> {
    try {
        const { VersionId, Metadata = {} } = await clientsOf(open).s3.send(new HeadObjectCommand({ Bucket: open.stage.releaseBucket, Key: triggerKey }), { abortSignal });
        return { objectVersion: VersionId, version: versionIn(Metadata["codepipeline-artifact-revision-summary"]) };
    } catch (error) {
        if (error instanceof Error && error.name === "NotFound") return undefined;
        throw error;
    }
}

/** Whether every instance serves this release. */
export async function serves(open: OpenStage, version: string, signal: AbortSignal): Promise<boolean> {
    const { codeDeploy, s3 } = clientsOf(open);
    return servesAlready(codeDeploy, await readHistory(codeDeploy, s3, open.stage, { signal }), version, signal);
}
