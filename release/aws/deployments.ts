import {
    BatchGetDeploymentsCommand, type CodeDeployClient, type DeploymentInfo, ListDeploymentsCommand, StopDeploymentCommand,
} from "@aws-sdk/client-codedeploy";
import type { Clock } from "../clock";
import { isRelease } from "../history";
import type { Stage } from "../stage";
import { DeliveryError } from "./error";
import type { FollowTell } from "./follow-deployment";
import { Poll } from "./poll";

/** A deployment of a stage that has not ended. */
export interface RunningDeployment {
    readonly deploymentId: string;
    readonly description?: string;
    readonly since: Date;
}

export interface WaitOptions {
    readonly clock: Clock;
    readonly signal: AbortSignal;
    readonly tell: Pick<FollowTell, "step" | "warn">;
    /** Minutes to wait for somebody else's deployment. */
    readonly waitMinutes: number;
}

/** What is being deployed to a stage, by whomever; undefined for nothing. Instances that are launched get what serves: they do not count. */
export async function runningDeployment(codeDeploy: CodeDeployClient, stage: Stage, signal?: AbortSignal): Promise<RunningDeployment | undefined> {
    const running = await deploymentsOf(codeDeploy, stage, { includeOnlyStatuses: ["Created", "Queued", "InProgress", "Baking", "Ready"] }, signal);
    const [found] = running.flatMap(({ deploymentId = "", status = "", creator = "user", createTime = new Date(0), description }) =>
        isRelease({ deploymentId, status, creator, createdAt: createTime.toISOString() })
            ? [{ deploymentId, since: createTime, ...(description && { description }) }] : []);
    return found;
}

/** Waits until nobody deploys to the stage. @throws DeliveryError (needsPerson) when that takes longer than it may */
export async function awaitNobodyDeploying(codeDeploy: CodeDeployClient, stage: Stage, options: WaitOptions): Promise<void> {
    const { clock, signal, tell, waitMinutes } = options;
    const poll = new Poll({ clock, signal, warn: text => { tell.warn(text); }, goesOn: "Nothing was begun." });
    const deadline = clock.now().getTime() + waitMinutes * 60_000;
    let told: string | undefined;
    for (;;) {
        const running = await poll.ask(abort => runningDeployment(codeDeploy, stage, abort));
        if (running === undefined) return;
        if (clock.now().getTime() >= deadline) throw inTheWay(running, stage);
        if (told !== running.deploymentId) tell.step(`waiting for ${describeRunning(running)}`);
        told = running.deploymentId;
        await poll.rest(false);
    }
}

/** A deployment for a person: its name, what it is, since when. */
export function describeRunning({ deploymentId, description, since }: RunningDeployment): string {
    return `deployment ${deploymentId} (${description ?? "without description"}), which runs since ${since.toISOString()}`;
}

/** Has CodeDeploy stop a deployment and roll back; false when it had ended before. */
export async function stopDeployment(codeDeploy: CodeDeployClient, deploymentId: string): Promise<boolean> {
    try {
        await codeDeploy.send(new StopDeploymentCommand({ deploymentId, autoRollbackEnabled: true }));
        return true;
    } catch (error) {
        if (error instanceof Error && error.name === "DeploymentAlreadyCompletedException") return false;
        throw error;
    }
}

function inTheWay(running: RunningDeployment, { stack }: Stage): DeliveryError {
    return new DeliveryError(
        `There is ${describeRunning(running)}, and a stack is deployed to once at a time. `
        + `Wait for its end with --wait MINUTES, or stop it: ./gapless abort ${stack}.`,
        "needsPerson",
    );
}

/** CodeDeploy tells of so many deployments in one call. */
const batchSize = 25;

/** Deployments of a stage, newest first. */
export async function deploymentsOf(
    codeDeploy: CodeDeployClient, { codeDeployApplication, deploymentGroup }: Stage,
    which: { readonly includeOnlyStatuses?: NonNullable<DeploymentInfo["status"]>[]; readonly createTimeRange?: { readonly start: Date } }, abortSignal?: AbortSignal,
): Promise<readonly DeploymentInfo[]> {
    const abort = abortSignal && { abortSignal };
    const ids: string[] = [];
    let nextToken: string | undefined;
    do {
        const page = await codeDeploy.send(new ListDeploymentsCommand({
            applicationName: codeDeployApplication, deploymentGroupName: deploymentGroup, ...which, ...(nextToken && { nextToken }),
        }), abort);
        ids.push(...page.deployments ?? []);
        nextToken = page.nextToken;
    } while (nextToken);
    const batches = Array.from({ length: Math.ceil(ids.length / batchSize) }, (_, n) => ids.slice(n * batchSize, (n + 1) * batchSize));
    const answers = await Promise.all(batches.map(deploymentIds => codeDeploy.send(new BatchGetDeploymentsCommand({ deploymentIds }), abort)));
    const told = answers.flatMap(({ deploymentsInfo = [] }) => deploymentsInfo);
    return told.sort((a, b) => (b.createTime?.getTime() ?? 0) - (a.createTime?.getTime() ?? 0));
}
