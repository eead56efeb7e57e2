import { type AutoScalingClient, DescribeLifecycleHooksCommand } from "@aws-sdk/client-auto-scaling";
import type { S3Client } from "@aws-sdk/client-s3";
import { colours } from "../../blue-green/colour";
import { describeRollState } from "../../blue-green/step-text";
import { type Diagnosis, fail, ok, skipped, warn } from "../../doctor";
import { rollUnderWay } from "../../roll-history";
import type { Stage } from "../../stage";
import { readColourDocument } from "../colour-document";

/** How CodeDeploy names the hooks by which it brings releases to the instances that a group launches. */
const hookPrefix = "CodeDeploy-managed-automatic-launch-deployment-hook-";

/** Whether both colours of a blue/green stack are ready for a roll: none is half way, and instances that are launched get a release. */
export async function checkColours({ s3, autoScaling }: { readonly s3: S3Client; readonly autoScaling: AutoScalingClient }, stage: Stage, signal: AbortSignal): Promise<Diagnosis> {
    const { stack, blueGreen, releaseBucket } = stage;
    if (blueGreen === undefined) return skipped("the stack is rolled host by host");
    const state = rollUnderWay(await readColourDocument(s3, releaseBucket, signal));
    // A roll takes the idle group's hook away for as long as it fills it.
    const looked = state === undefined ? colours : [blueGreen.active];
    const without = (await Promise.all(looked.map(async colour => await hasHook(autoScaling, blueGreen[colour].autoScalingGroup, signal) ? [] : [colour]))).flat();
    const [colour] = without;
    if (colour !== undefined) return withoutHook(stage, blueGreen[colour]);
    if (state === undefined) return ok(`${blueGreen.active} serves, and no roll is unfinished`);
    return warn(`roll ${state.roll.id} of release ${state.roll.version} is not over: ${describeRollState(state)}`, `see ./gapless status ${stack}, which says who drives it, or what to do`);
}

async function hasHook(autoScaling: AutoScalingClient, AutoScalingGroupName: string, abortSignal: AbortSignal): Promise<boolean> {
    const { LifecycleHooks = [] } = await autoScaling.send(new DescribeLifecycleHooksCommand({ AutoScalingGroupName }), { abortSignal });
    return LifecycleHooks.some(({ LifecycleHookName }) => LifecycleHookName?.startsWith(hookPrefix));
}

function withoutHook({ codeDeployApplication, region }: Stage, { autoScalingGroup, deploymentGroup }: NonNullable<Stage["blueGreen"]>["blue"]): Diagnosis {
    return fail(
        `${autoScalingGroup} has no launch hook of CodeDeploy, so instances that it launches get no release`,
        `aws deploy update-deployment-group --application-name ${codeDeployApplication} --current-deployment-group-name ${deploymentGroup} --auto-scaling-groups ${autoScalingGroup} --region ${region}`,
    );
}
