import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { CodeDeployClient } from "@aws-sdk/client-codedeploy";
import { EC2Client } from "@aws-sdk/client-ec2";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { S3Client } from "@aws-sdk/client-s3";
import type { Access } from "../../release/aws/access";
import { DeliveryError } from "../../release/aws/error";
import { followRefresh, type RefreshEnd, runningRefresh, startRefresh } from "../../release/aws/instance-refresh";
import { readGroup, warmupOf } from "../../release/aws/instance-refresh-group";
import { StageLock, thisOwner, withLock } from "../../release/aws/stage-lock";
import { awaitNobodyAtWork } from "../../release/aws/stage-at-work";
import { planRefresh } from "../../release/instance-refresh";
import type { Stage } from "../../release/stage";
import type { CommandContext } from "../context";
import { exitCodes, type ExitCode } from "../exit-code";
import { openStage } from "../open-stage";
import type { WaitWords } from "../words/release";

const command = "refresh-instances";

/** Replaces the instances of a stage's group, of two colours that which serves, by ones that are launched as the newest template has it. */
export async function refreshInstancesCommand(stack: string, words: WaitWords, context: CommandContext): Promise<ExitCode> {
    const { stage, access } = await openStage(stack, context);
    const group = groupOf(stage);
    if (stage.blueGreen !== undefined) {
        context.tell.note(`${stage.blueGreen.active} serves, so its instances are looked at. ./gapless flip ${stack} replaces them all, too, once no colour is warm`);
    }
    // Nobody else may change the fleet meanwhile, also while a refresh is watched that somebody else has begun.
    const lock = new StageLock(new S3Client(access), stage.releaseBucket, thisOwner(context.env), context.clock);
    const wish = { stack, command, waitMinutes: words.wait, clock: context.clock, tell: context.tell, signal: context.signal };
    const done = await withLock(lock, wish, signal => refresh(stage, group, access, words, { ...context, lockSignal: signal }));
    return told(stack, group, done, context);
}

function groupOf({ stack, fleet }: Stage): string {
    if ("autoScalingGroup" in fleet) return fleet.autoScalingGroup;
    throw new DeliveryError(
        `The fleet of ${stack} is tagged: nothing replaces its ${fleet.instanceIds.length} instances by itself. Replace one at a time with `
        + `pulumi up --stack ${stack} --replace <urn of the instance>, then run ./gapless deploy ${stack} before the next (docs/decisions/0013-a-fleet-found-by-tags.md).`,
        "usage",
    );
}

interface LockedContext extends CommandContext {
    /** Is aborted when the lock is lost, too. */
    readonly lockSignal: AbortSignal;
}

interface NothingDone {
    readonly result: "nothingToDo";
    readonly reason: string;
}

async function refresh(stage: Stage, group: string, access: Access, words: WaitWords, context: LockedContext): Promise<RefreshEnd | NothingDone> {
    const { clock, lockSignal: signal, tell } = context;
    const autoScaling = new AutoScalingClient(access);
    const running = await runningRefresh(autoScaling, group);
    if (running) {
        tell.step(`an instance refresh of ${group} goes on already: watching it`);
        return followRefresh(autoScaling, group, running.id, context);
    }
    await awaitNobodyAtWork({ codeDeploy: new CodeDeployClient(access) }, stage, { clock, signal, tell, waitMinutes: words.wait });
    const [{ instances, launch }, warmupSeconds] = await Promise.all([
        readGroup(autoScaling, new EC2Client(access), group),
        warmupOf(new ElasticLoadBalancingV2Client(access), stage.targetGroupArn),
    ]);
    const plan = planRefresh(instances, launch);
    if (plan.replace === "none") return { result: "nothingToDo", reason: plan.because };
    tell.step(plan.because);
    signal.throwIfAborted();
    const id = await startRefresh(autoScaling, { group, plan, warmupSeconds, alarms: stage.alarms });
    tell.step(`instance refresh ${id} of ${group} has begun`);
    // By the caller's signal: whoever has lost the lock may still watch.
    return followRefresh(autoScaling, group, id, context);
}

const exits = {
    nothingToDo: exitCodes.done, succeeded: exitCodes.done, failed: exitCodes.failed, cancelled: exitCodes.failed, rolledBack: exitCodes.rolledBack,
} as const;

function told(stack: string, group: string, end: RefreshEnd | NothingDone, context: CommandContext): ExitCode {
    context.print({ stack, autoScalingGroup: group, ...end }, textOf(stack, group, end));
    return exits[end.result];
}

function textOf(stack: string, group: string, end: RefreshEnd | NothingDone): string {
    if (end.result === "nothingToDo") return `Nothing to do. ${end.reason}`;
    const why = end.reason === undefined ? "" : `\n${end.reason}`;
    return {
        succeeded: `The instances of ${group} are replaced.`,
        cancelled: `The instance refresh of ${group} was cancelled: some of its instances are new, some old. ./gapless ${command} ${stack} goes on with the others.${why}`,
        rolledBack: `The instance refresh of ${group} was rolled back: its instances are as they were.${why}`,
        failed: `The instance refresh of ${group} failed: some of its instances may be new, some old; all that serve go on serving.${why}\n`
            + `See ./gapless status ${stack}, mend what it names, and run ./gapless ${command} ${stack} again.`,
    }[end.result];
}
