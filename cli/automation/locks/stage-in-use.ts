import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { CodeDeployClient } from "@aws-sdk/client-codedeploy";
import { S3Client } from "@aws-sdk/client-s3";
import { awaitNobodyAtWork } from "../../../release/aws/stage-at-work";
import { readStackConfig } from "../../../rehearsal/program/stack-config";
import { DeliveryError } from "../../../release/aws/error";
import { findStage } from "../../../release/aws/find-stage";
import { StageLock, thisOwner, withLock } from "../../../release/aws/stage-lock";
import type { Timer } from "../../../release/timer";
import type { CommandContext } from "../../context";
import { accessOf, type OpenStage } from "../../open-stage";

interface Wish {
    readonly command: "up" | "refresh" | "destroy";
    readonly stack: string;
    readonly waitMinutes: number;
    /** By which the lock is kept. */
    readonly timer: Timer;
}

/**
 * Works while nobody deploys and nobody else changes the stack. A stack that is not there yet has nothing to lock.
 * @throws DeliveryError needsPerson when a deployment or another command is in the way for longer than `waitMinutes`
 */
export async function withStageToItself<T>({ command, stack, waitMinutes, timer }: Wish, context: CommandContext, work: (signal: AbortSignal, open?: OpenStage) => Promise<T>): Promise<T> {
    const { clock, tell, signal, env } = context;
    const open = await stageIfThere(stack, context);
    if (!open) return work(signal);
    const { stage, access } = open;
    const lock = new StageLock(new S3Client(access), stage.releaseBucket, thisOwner(env), clock);
    return withLock(lock, { stack: stage.stack, command, waitMinutes, clock, tell, signal, timer }, async lockSignal => {
        // Only now: a deployment that begins later finds the lock.
        await awaitNobodyAtWork({ codeDeploy: new CodeDeployClient(access), autoScaling: new AutoScalingClient(access) }, stage, { clock, signal: lockSignal, tell, waitMinutes });
        return work(lockSignal, open);
    });
}

/** The stage of a stack, undefined before its first `up`. */
export async function stageIfThere(stack: string, context: CommandContext): Promise<OpenStage | undefined> {
    const access = await accessOf(stack, context);
    const { project } = readStackConfig(context.folder, stack);
    try {
        return { stage: await findStage(project, stack, access, context.signal), access };
    } catch (error) {
        if (!(error instanceof DeliveryError) || error.kind !== "usage") throw error;
        // What another version of Gapless wrote is mended by up, and cannot hold it off. What is not there at all is no news.
        if (error.cause !== undefined) context.tell.warn(`${error.message} It is not known whether somebody deploys to ${stack} right now.`);
        return undefined;
    }
}
