import { type CodeDeployClient, type DeploymentInfo, GetDeploymentCommand, type RollbackInfo } from "@aws-sdk/client-codedeploy";
import { rollbackPatience } from "../automatic-rollback";
import type { Clock } from "../clock";
import type { DeploymentEnd, FailedInstance } from "../deployment-end";
import { currentEvent, endedOf, isDeploymentEnded, newsOf, type Progress, type TargetState, wavesOf } from "../deployment-progress";
import { DeploymentTargets } from "./deployment-targets";
import { DeliveryError } from "./error";
import { Poll } from "./poll";

export type { DeploymentEnd, FailedInstance } from "../deployment-end";

/** Tells what a deployment does. A command's teller is one. */
export interface FollowTell {
    step(text: string): void;
    warn(text: string): void;
    /** Shows how far it is, as a picture; undefined when it is over. @default each change is a step */
    readonly progress?: (progress: Progress | undefined) => void;
}

export interface FollowOptions {
    /** Named in what there is to type. */
    readonly stack: string;
    readonly clock: Clock;
    /** Ends the waiting, not the deployment. */
    readonly signal: AbortSignal;
    readonly tell: FollowTell;
    /** Minutes for which AWS may not answer, or only with errors that pass. @default 10 */
    readonly patienceMinutes?: number;
    /** Minutes after which nobody watches any more. @default none: until the end */
    readonly watchMinutes?: number;
}

/**
 * Follows a deployment, and CodeDeploy's roll back of it, until the end.
 * @throws DeliveryError when AWS refuses to be asked or has not answered for long; the signal's reason when it is aborted. The
 * deployment then goes on, and a person is told so.
 */
export async function followDeployment(codeDeploy: CodeDeployClient, deploymentId: string, options: FollowOptions): Promise<DeploymentEnd> {
    const { tell } = options;
    const { info, progress } = await followToEnd(codeDeploy, deploymentId, options);
    const failedInstances = failedOf(progress.targets);
    if (info.status === "Succeeded") {
        if (failedInstances.length > 0) tell.warn(`${namesOf(failedInstances)} failed although the deployment succeeded, and gets no traffic`);
        return { deploymentId, result: "succeeded", failedInstances };
    }

    const ended = { deploymentId, result: info.status === "Stopped" ? "stopped" : "failed", reason: reasonOf(info), failedInstances } as const;
    const { rollbackDeploymentId, rollbackMessage } = await awaitRollback(codeDeploy, info, options);
    if (rollbackDeploymentId === undefined) return rollbackMessage ? { ...ended, reason: `${ended.reason}; not rolled back: ${rollbackMessage}` } : ended;
    tell.step(`CodeDeploy rolls back: deployment ${rollbackDeploymentId}`);
    const { info: rollback } = await followToEnd(codeDeploy, rollbackDeploymentId, options);
    if (rollback.status !== "Succeeded") {
        return { ...ended, rollbackDeploymentId, rollbackResult: "failed", reason: `${ended.reason}; the roll back has failed too: ${reasonOf(rollback)}` };
    }
    // An alarm stops it as a person does, but is a failure.
    const isStoppedByPerson = info.errorInformation?.code === "MANUAL_STOP";
    return { ...ended, rollbackDeploymentId, rollbackResult: "succeeded", result: isStoppedByPerson ? "stopped" : "rolledBack" };
}

interface Look {
    readonly info: DeploymentInfo;
    readonly progress: Progress;
}

// CodeDeploy answers few calls a second for an account and a region, and others ask too.
const mostCallsASecond = 5;

async function followToEnd(codeDeploy: CodeDeployClient, deploymentId: string, options: FollowOptions): Promise<Look> {
    const { stack, clock, watchMinutes = Infinity } = options;
    const goesOn = `Deployment ${deploymentId} goes on. See how it stands: ./gapless status ${stack}. Stop it: ./gapless abort ${stack}.`;
    const poll = makePoll(options, goesOn);
    const deadline = clock.now().getTime() + watchMinutes * 60_000;
    const targets = new DeploymentTargets(codeDeploy, deploymentId);
    let before: Progress | undefined;
    try {
        for (;;) {
            const look = await poll.ask(signal => lookAt(codeDeploy, deploymentId, targets, clock, signal));
            const news = newsOf(before, look.progress);
            tellNews(news, look, options.tell);
            if (isDeploymentEnded(look.progress.status)) return look;
            if (clock.now().getTime() >= deadline) throw new DeliveryError(`It has not ended after ${watchMinutes} minutes. ${goesOn}`, "needsPerson");
            before = look.progress;
            await poll.rest(news.length > 0, targets.calls / mostCallsASecond);
        }
    } finally {
        options.tell.progress?.(undefined);
    }
}

async function lookAt(codeDeploy: CodeDeployClient, deploymentId: string, targets: DeploymentTargets, clock: Clock, signal: AbortSignal): Promise<Look> {
    // Before its targets: of a deployment that has ended, they have ended too.
    const info = await getDeployment(codeDeploy, deploymentId, signal);
    const status = info.status ?? "Created";
    const seen = ["Created", "Queued"].includes(status) ? [] : await targets.look(signal);
    const now = clock.now();
    return { info, progress: { deploymentId, status, since: info.createTime ?? now, now, wave: wavesOf(seen), targets: seen } };
}

async function getDeployment(codeDeploy: CodeDeployClient, deploymentId: string, signal: AbortSignal): Promise<DeploymentInfo> {
    const { deploymentInfo = {} } = await codeDeploy.send(new GetDeploymentCommand({ deploymentId }), { abortSignal: signal });
    return deploymentInfo;
}

function tellNews(news: readonly string[], { info, progress }: Look, tell: FollowTell): void {
    if (tell.progress) tell.progress(progress);
    else for (const line of news) tell.step(line);
    if (!isDeploymentEnded(progress.status)) return;
    tell.progress?.(undefined);
    const { deploymentId, targets, status } = progress;
    if (status === "Succeeded") tell.step(`deployment ${deploymentId} succeeded: ${endedOf(targets)} of ${targets.length} instances done`);
    else tell.step(`deployment ${deploymentId} ${status === "Stopped" ? "was stopped" : "failed"}: ${reasonOf(info)}`);
}

/** The deployment by which CodeDeploy rolls back, which is named a while after the end, or why none comes. Empty when nothing is said. */
async function awaitRollback(codeDeploy: CodeDeployClient, ended: DeploymentInfo, options: FollowOptions): Promise<RollbackInfo> {
    const { deploymentId = "", status = "", errorInformation, creator, autoRollbackConfiguration: automatic } = ended;
    const patience = rollbackPatience({ status, errorCode: errorInformation?.code, creator, automatic });
    if (isDecided(ended) || patience === 0) return ended.rollbackInfo ?? {};

    const { stack, clock, tell } = options;
    tell.step("waiting for CodeDeploy to roll back");
    const poll = makePoll(options, `Deployment ${deploymentId} has ended badly; whether CodeDeploy rolls back was not seen. See what serves: ./gapless status ${stack}.`);
    const deadline = clock.now().getTime() + patience * 1000;
    while (clock.now().getTime() < deadline) {
        await poll.rest(false);
        const info = await poll.ask(signal => getDeployment(codeDeploy, deploymentId, signal));
        if (isDecided(info)) return info.rollbackInfo ?? {};
    }
    tell.warn(`CodeDeploy has not begun to roll back within ${patience} s`);
    return {};
}

/** Whether CodeDeploy has said by what it rolls back, or why it does not. */
function isDecided({ rollbackInfo: { rollbackDeploymentId, rollbackMessage } = {} }: DeploymentInfo): boolean {
    return Boolean(rollbackDeploymentId ?? rollbackMessage);
}

function makePoll({ clock, signal, tell, patienceMinutes }: FollowOptions, goesOn: string): Poll {
    return new Poll({ clock, signal, patienceMinutes, goesOn, warn: text => { tell.progress?.(undefined); tell.warn(text); } });
}

function reasonOf({ errorInformation }: DeploymentInfo): string {
    const { code, message } = errorInformation ?? {};
    return [code, message].filter(Boolean).join(": ") || "CodeDeploy does not say why";
}

/** The instances that a deployment could not bring its release to. */
export function failedOf(targets: readonly TargetState[]): readonly FailedInstance[] {
    return targets.filter(({ status }) => status === "Failed").map(target => {
        const event = currentEvent(target);
        return {
            instanceId: target.instanceId,
            ...(event && { event: event.name }),
            ...(event?.script && { script: event.script }),
            ...(event?.errorCode && { errorCode: event.errorCode }),
            ...(event?.message && { message: event.message }),
            ...(event?.logTail && { logTail: event.logTail }),
        };
    });
}

function namesOf(instances: readonly FailedInstance[]): string {
    return instances.map(({ instanceId }) => instanceId).join(", ");
}
