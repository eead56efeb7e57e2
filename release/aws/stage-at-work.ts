import type { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import type { CodeDeployClient } from "@aws-sdk/client-codedeploy";
import type { Clock } from "../clock";
import { describeRefresh } from "../instance-refresh";
import type { Stage } from "../stage";
import { describeRunning, runningDeployment } from "./deployments";
import { DeliveryError } from "./error";
import type { FollowTell } from "./follow-deployment";
import { runningRefresh } from "./instance-refresh";
import { Poll } from "./poll";

export interface WaitOptions {
    readonly clock: Clock;
    readonly signal: AbortSignal;
    readonly tell: FollowTell;
    readonly waitMinutes: number;
}

/** Who is asked for work on a stage. */
export interface WorkClients {
    readonly codeDeploy?: CodeDeployClient;
    /** Instance refreshes, which go on when the command that began them has ended. */
    readonly autoScaling?: AutoScalingClient;
}

interface Work {
    readonly id: string;
    readonly what: string;
    /** Why nothing else may begin, and what to do: for a person who has waited. */
    readonly way: string;
}

/** Waits until nobody changes what a stage's instances run. @throws DeliveryError (needsPerson) when that takes longer than it may */
export async function awaitNobodyAtWork(clients: WorkClients, stage: Stage, { clock, signal, tell, waitMinutes }: WaitOptions): Promise<void> {
    const poll = new Poll({ clock, signal, warn: text => { tell.warn(text); }, goesOn: "Nothing was begun." });
    const deadline = clock.now().getTime() + waitMinutes * 60_000;
    let told: string | undefined;
    for (;;) {
        const work = await poll.ask(abort => workOn(clients, stage, abort));
        if (work === undefined) return;
        if (clock.now().getTime() >= deadline) throw new DeliveryError(`There is ${work.what}, ${work.way}`, "needsPerson");
        if (told !== work.id) tell.step(`waiting for ${work.what}`);
        told = work.id;
        await poll.rest(false);
    }
}

async function workOn({ codeDeploy, autoScaling }: WorkClients, stage: Stage, signal: AbortSignal): Promise<Work | undefined> {
    const [deployment, refresh] = await Promise.all([codeDeploy && deploymentOf(codeDeploy, stage, signal), autoScaling && refreshOf(autoScaling, stage, signal)]);
    return deployment ?? refresh;
}

async function deploymentOf(codeDeploy: CodeDeployClient, stage: Stage, signal: AbortSignal): Promise<Work | undefined> {
    const running = await runningDeployment(codeDeploy, stage, signal);
    return running && {
        id: running.deploymentId, what: describeRunning(running),
        way: `and a stack is deployed to once at a time. Wait for its end with --wait MINUTES, or stop it: ${stopOf(running.deploymentId, stage)}.`,
    };
}

/** With two colours `abort` takes a roll back, and knows no deployment that belongs to none. */
function stopOf(deploymentId: string, { blueGreen, stack, region }: Stage): string {
    return blueGreen === undefined ? `./gapless abort ${stack}` : `aws deploy stop-deployment --deployment-id ${deploymentId} --region ${region}`;
}

async function refreshOf(autoScaling: AutoScalingClient, { fleet, stack, region }: Stage, signal: AbortSignal): Promise<Work | undefined> {
    if (!("autoScalingGroup" in fleet)) return undefined;
    const { autoScalingGroup: group } = fleet;
    const running = await runningRefresh(autoScaling, group, signal);
    return running && {
        id: running.id, what: `instance refresh ${running.id} of ${group} (${describeRefresh(running)})`,
        way: "and nothing else may change its instances meanwhile. Wait for its end with --wait MINUTES, "
            + `watch it with ./gapless refresh-instances ${stack}, or stop it: aws autoscaling cancel-instance-refresh --auto-scaling-group-name ${group} --region ${region}.`,
    };
}
