import { type DeploymentInfo, StopDeploymentCommand } from "@aws-sdk/client-codedeploy";
import { isDeploymentEnded } from "../../deployment-progress";
import type { StepResult } from "../../blue-green/drive";
import type { Roll } from "../../blue-green/roll";
import { listDeployments } from "../deployment-infos";
import { awaitNothingLacking } from "./await-nothing-lacking";
import type { StepWork } from "./step-work";

// This machine's clock and AWS's may differ.
const lookBackMs = 3600_000;

/** What CodeDeploy's description of a deployment says of its roll. A driver that comes later finds it by that. */
export function rollMark({ id }: Roll): string {
    return `roll ${id}`;
}

/** The newest deployment that a roll has begun, also one whose name its driver did not live to write down. */
export async function deploymentOfRoll({ ask, clients: { codeDeploy }, stage, roll, to }: StepWork): Promise<DeploymentInfo | undefined> {
    const start = new Date(Date.parse(roll.begun) - lookBackMs);
    const recent = await ask(signal => listDeployments(codeDeploy, { ...stage, deploymentGroup: to.deploymentGroup }, { createTimeRange: { start }, signal }));
    return recent.find(({ description = "" }) => description.includes(rollMark(roll)));
}

/**
 * Stops what a roll has CodeDeploy do, and waits for its end: what is stopped still ends the event that goes on.
 * @returns its name, by which a person is told afterwards what failed: an install that fails names none
 */
export async function stopDeploymentOfRoll(work: StepWork): Promise<StepResult> {
    const { ask, clients: { codeDeploy } } = work;
    let asked = false;
    let found: string | undefined;
    await awaitNothingLacking(work, async () => {
        const { deploymentId, status = "Created" } = await deploymentOfRoll(work) ?? {};
        found = deploymentId;
        if (deploymentId === undefined || isDeploymentEnded(status)) return undefined;
        // Without CodeDeploy's own way back: the instances are taken away.
        if (!asked) await ask(abortSignal => codeDeploy.send(new StopDeploymentCommand({ deploymentId, autoRollbackEnabled: false }), { abortSignal }).catch(unlessOver));
        asked = true;
        return `deployment ${deploymentId} is being stopped`;
    });
    return { deploymentId: found };
}

function unlessOver(error: unknown): void {
    if (!(error instanceof Error && error.name === "DeploymentAlreadyCompletedException")) throw error;
}
