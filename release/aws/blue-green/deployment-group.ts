import { type AutoScalingGroup, GetDeploymentGroupCommand, UpdateDeploymentGroupCommand } from "@aws-sdk/client-codedeploy";
import type { ColourResources } from "../../stage";
import type { StepWork } from "./step-work";

/** Takes a colour's group out of its deployment group, and with it the hook that installs on new instances what was deployed there last. */
export async function detach(work: StepWork, colour: ColourResources): Promise<void> {
    if ((await attached(work, colour)).length > 0) await setGroups(work, colour, []);
}

/** Puts a colour's group into its deployment group, and sees that new instances get what is deployed there. */
export async function attach(work: StepWork, colour: ColourResources): Promise<void> {
    const { autoScalingGroup, deploymentGroup } = colour;
    if (isHooked(await attached(work, colour), autoScalingGroup)) return;
    await setGroups(work, colour, [autoScalingGroup]);
    if (isHooked(await attached(work, colour), autoScalingGroup)) return;
    throw new Error(`CodeDeploy has taken ${autoScalingGroup} into ${deploymentGroup} without a hook, so new instances would get no release`);
}

function isHooked(groups: readonly AutoScalingGroup[], wanted: string): boolean {
    return groups.some(({ name, hook }) => name === wanted && Boolean(hook));
}

async function attached({ ask, clients: { codeDeploy }, stage }: StepWork, { deploymentGroup }: ColourResources): Promise<readonly AutoScalingGroup[]> {
    const question = new GetDeploymentGroupCommand({ applicationName: stage.codeDeployApplication, deploymentGroupName: deploymentGroup });
    const { deploymentGroupInfo } = await ask(abortSignal => codeDeploy.send(question, { abortSignal }));
    return deploymentGroupInfo?.autoScalingGroups ?? [];
}

async function setGroups({ ask, clients: { codeDeploy }, stage }: StepWork, { deploymentGroup }: ColourResources, autoScalingGroups: string[]): Promise<void> {
    const { hooksNotCleanedUp = [] } = await ask(abortSignal => codeDeploy.send(new UpdateDeploymentGroupCommand({
        applicationName: stage.codeDeployApplication, currentDeploymentGroupName: deploymentGroup, autoScalingGroups,
    }), { abortSignal }));
    if (hooksNotCleanedUp.length === 0) return;
    throw new Error(`CodeDeploy could not take its hook from ${hooksNotCleanedUp.map(({ name, hook }) => `${name ?? "a group"} (${hook ?? "unnamed"})`).join(", ")}`);
}
