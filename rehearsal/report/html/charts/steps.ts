import type { StepName } from "../../../../release/blue-green/step";
import type { ColoursReport } from "../../report-schema";
import { describeStep } from "../../step-name";
import type { Bar } from "./bars";
import type { Kind } from "./palette";
import type { Span } from "./span";

type StepRow = ColoursReport["colours"]["steps"][number];

/** The steps of each roll as bars, those of a way back in a lane of their own. */
export function stepBars({ colours: { steps, rolls } }: ColoursReport, { startMs }: Span): readonly Bar[] {
    const flips = rolls.filter(({ kind }) => kind === "flip").map(({ id }) => id);
    return steps.map(step => {
        const from = (step.startMs - startMs) / 1000;
        return {
            lane: laneOf(step, flips), name: describeStep(step), from, until: from + step.seconds, ...meaningOf(step.name),
            ...(step.problem !== undefined && { problem: step.problem }),
        };
    });
}

/** The play flips back first and then, if it goes on, forth again. */
function laneOf({ roll, phase }: StepRow, flips: readonly string[]): string {
    const flip = flips.indexOf(roll);
    const name = flip < 0 ? "deploy" : flip % 2 === 0 ? "flip back" : "flip forth";
    return phase === "back" ? `${name}: back` : name;
}

function meaningOf(name: string): { readonly kind: Kind; readonly onAws: string } {
    const [kind, onAws] = isStep(name) ? meanings[name] : ["other" as const, "a step of the driver"];
    return { kind, onAws };
}

function isStep(name: string): name is StepName {
    return name in meanings;
}

const meanings: Readonly<Record<StepName, readonly [kind: Kind, onAws: string]>> = {
    detach: ["install", "CodeDeploy, UpdateDeploymentGroup: without the idle Auto Scaling group"],
    grow: ["install", "Auto Scaling, UpdateAutoScalingGroup: as many instances as the other colour has"],
    boot: ["install", "Auto Scaling, instances on their way to InService"],
    attach: ["install", "CodeDeploy, UpdateDeploymentGroup: with the Auto Scaling group again"],
    install: ["start", "CodeDeploy, CreateDeployment: on every instance of the idle colour"],
    healthy: ["start", "load balancer, DescribeTargetHealth: all targets of the idle colour"],
    probe: ["start", "a request by the header that the listener's rule leads to the idle colour"],
    disarm: ["install", "Auto Scaling, DeleteScheduledAction: nothing ends the new colour any more"],
    match: ["install", "Auto Scaling, UpdateAutoScalingGroup: as many instances as the other colour has now"],
    shift: ["traffic", "load balancer, ModifyListener: new weights of the two target groups"],
    bake: ["watch", "CloudWatch, DescribeAlarms, and DescribeTargetHealth, again and again"],
    commit: ["validate", "Systems Manager, PutParameter: the new colour serves"],
    settle: ["validate", "Auto Scaling, PutScheduledUpdateGroupAction: the new colour may shrink again"],
    retire: ["validate", "Auto Scaling, PutScheduledUpdateGroupAction: the old colour ends after its warm time"],
    restore: ["traffic", "load balancer, ModifyListener: all requests to the old colour"],
    uncommit: ["stop", "Systems Manager, PutParameter: the old colour serves"],
    stop: ["stop", "CodeDeploy, StopDeployment"],
    shrink: ["stop", "Auto Scaling, UpdateAutoScalingGroup: no instance of the new colour"],
    rearm: ["stop", "Auto Scaling, PutScheduledUpdateGroupAction: the colour ends after its warm time"],
    release: ["stop", "Auto Scaling, PutScheduledUpdateGroupAction: the old colour may shrink again"],
};
