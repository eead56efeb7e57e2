import type { StepResult } from "../../blue-green/drive";
import type { DeploymentEnd, FailedInstance } from "../../deployment-end";
import { createDeployment } from "../create-deployment";
import { DeploymentTargets } from "../deployment-targets";
import { followDeployment } from "../follow-deployment";
import { readyRelease } from "../ready-release";
import { fullSizes } from "./capacity";
import { deploymentOfRoll, rollMark } from "./deployment-of-roll";
import type { StepWork } from "./step-work";

/** Nobody is served meanwhile, so all at once. */
const deploymentConfigName = "CodeDeployDefault.AllAtOnce";
/** Minutes to wait for launches of instances, which CodeDeploy counts as deployments of the group. */
const waitMinutes = 10;
const mostInstances = 3;
const mostLines = 5;
const mostDeployments = 3;

/**
 * Has CodeDeploy bring the release to every instance of the colour. One that fails is one too few: CodeDeploy itself would call that a success.
 * @throws what failed, on which instance, in which script, with the last lines
 */
export async function install(work: StepWork): Promise<StepResult> {
    let known = (await deploymentOfRoll(work))?.deploymentId;
    for (let deployments = 1; ; deployments += 1) {
        const deploymentId = known ?? await create(work);
        const reached = await installBy(work, deploymentId, known !== undefined);
        const missed = (await fullSizes(work)).instances.filter(({ id, lifecycle }) => lifecycle === "InService" && !reached.has(id));
        if (missed.length === 0) return { deploymentId };
        const names = missed.map(({ id }) => id).join(", ");
        if (deployments === mostDeployments) throw new Error(`${names} came after deployment ${deploymentId} had begun, as others did ${mostDeployments} times before`);
        // Launched before it had succeeded: by then the group's hook brings what was deployed there before.
        work.tell.step(`${names} came after deployment ${deploymentId} had begun, so there is another one`);
        known = undefined;
    }
}

/** @returns the instances that have the release now */
async function installBy(work: StepWork, deploymentId: string, before: boolean): Promise<ReadonlySet<string>> {
    const { clients: { codeDeploy }, stage, clock, pace, tell, notes, roll, ask } = work;
    tell.step(`deployment ${deploymentId} of release ${roll.version}${before ? ", begun before" : ""}`);
    const end = await followDeployment(codeDeploy, deploymentId, { stack: stage.stack, clock, signal: pace.signal, tell });
    notes.failedInstances = end.failedInstances;
    const targets = await ask(signal => new DeploymentTargets(codeDeploy, deploymentId).look(signal));
    const left = targets.filter(({ status }) => status !== "Succeeded" && status !== "Failed").map(({ instanceId }) => instanceId);
    if (end.result !== "succeeded" || end.failedInstances.length > 0 || left.length > 0) throw new Error(failureOf(end, left));
    return new Set(targets.map(({ instanceId }) => instanceId));
}

function failureOf({ deploymentId, result, failedInstances, reason }: DeploymentEnd, left: readonly string[]): string {
    const more = failedInstances.length - mostInstances;
    return [
        `deployment ${deploymentId} ${result === "succeeded" ? "has left instances out" : "failed"}`,
        ...failedInstances.slice(0, mostInstances).map(failureText),
        ...(more > 0 ? [`${more} more failed`] : []),
        ...(left.length > 0 ? [`not reached: ${left.join(", ")}`] : []),
        ...(failedInstances.length === 0 && reason !== undefined ? [reason] : []),
    ].join("; ");
}

async function create(work: StepWork): Promise<string> {
    const { clients: { codeDeploy, s3, ecr }, stage, roll, to, clock, pace, tell, who, ask } = work;
    const release = await ask(signal => readyRelease(s3, ecr, stage, roll.version, signal));
    return createDeployment(codeDeploy, { ...stage, deploymentGroup: to.deploymentGroup }, release, {
        clock, signal: pace.signal, tell, waitMinutes, who, deploymentConfigName,
        // The way back are the weights: CodeDeploy would install on a colour that goes away.
        rollsBack: false,
        // The mark first: what is too long is cut.
        description: `release ${roll.version}, ${rollMark(roll)}, by ${who}`,
    });
}

function failureText({ instanceId, event, script, message, logTail = "" }: FailedInstance): string {
    const lines = logTail.split("\n").map(line => line.replace(/^\[(stdout|stderr)\]/, "").trim()).filter(line => line !== "" && !/^(LifecycleEvent|Script) - /.test(line));
    const where = [event, script].filter(Boolean).join(", ");
    return [`${instanceId} failed${where === "" ? "" : ` in ${where}`}`, message, lines.slice(-mostLines).join(" | ")].filter(Boolean).join(": ");
}
