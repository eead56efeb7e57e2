import { endAction } from "./blue-green/action-name";
import { type Colour, otherColour } from "./blue-green/colour";
import type { BlueGreen } from "./stage";

/** AWS's own command that takes back that a colour's instances end by themselves. */
export function disarmCommand(blueGreen: BlueGreen, region: string, colour: Colour): string {
    return `aws autoscaling delete-scheduled-action --auto-scaling-group-name ${blueGreen[colour].autoScalingGroup} --scheduled-action-name ${endAction} --region ${region}`;
}

/**
 * AWS's own commands that send all requests to a colour, for when nothing else can. Its end first: one that is armed, as on a warm colour, would take its
 * instances away from under the requests. Where there is none that fails, and the requests move all the same.
 */
export function requestsCommand(blueGreen: BlueGreen, region: string, colour: Colour): string {
    const { weights } = blueGreen;
    const groupOf = (one: Colour, Weight: number) => ({ TargetGroupArn: blueGreen[one].targetGroupArn, Weight });
    const actions = JSON.stringify([{ Type: "forward", ForwardConfig: { TargetGroups: [groupOf(colour, 100), groupOf(otherColour(colour), 0)], TargetGroupStickinessConfig: { Enabled: false } } }]);
    const send = "ruleArn" in weights
        ? `aws elbv2 modify-rule --rule-arn ${weights.ruleArn} --actions '${actions}' --region ${region}`
        : `aws elbv2 modify-listener --listener-arn ${weights.listenerArn} --default-actions '${actions}' --region ${region}`;
    return `${disarmCommand(blueGreen, region, colour)}; ${send}`;
}
