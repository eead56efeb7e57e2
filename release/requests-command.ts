import { type Colour, otherColour } from "./blue-green/colour";
import type { BlueGreen } from "./stage";

/** AWS's own command that sends all requests to a colour, for when nothing else can. */
export function requestsCommand(blueGreen: BlueGreen, region: string, colour: Colour): string {
    const { weights } = blueGreen;
    const groupOf = (one: Colour, Weight: number) => ({ TargetGroupArn: blueGreen[one].targetGroupArn, Weight });
    const actions = JSON.stringify([{ Type: "forward", ForwardConfig: { TargetGroups: [groupOf(colour, 100), groupOf(otherColour(colour), 0)], TargetGroupStickinessConfig: { Enabled: false } } }]);
    return "ruleArn" in weights
        ? `aws elbv2 modify-rule --rule-arn ${weights.ruleArn} --actions '${actions}' --region ${region}`
        : `aws elbv2 modify-listener --listener-arn ${weights.listenerArn} --default-actions '${actions}' --region ${region}`;
}
