import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Colour, colourHeader, colourHeaderValue, colours } from "../release/blue-green/colour";
import type { ColoursArgs, ColourWeights } from "./colours";
import type { Entrance } from "./entrance";

/** To whom requests are forwarded: the instances of one target group, or those of the colour that serves. */
export type Targets = { readonly group: aws.lb.TargetGroup } | ColouredTargets;

export interface ColouredTargets extends ColoursArgs {
    readonly groups: Readonly<Record<Colour, aws.lb.TargetGroup>>;
    /** Whether Pulumi refuses to delete or replace what holds the weights. */
    readonly isProtected: boolean;
}

/** Where the rules of the header go. */
export interface HeaderPlace {
    readonly listenerArn: pulumi.Input<string>;
    /** Blue's; green's is the next. */
    readonly firstPriority: number;
    /** What a request must fulfil besides. */
    readonly conditions: readonly aws.types.input.lb.ListenerRuleCondition[];
}

/**
 * The action that sends requests to the targets, of a listener as of a rule: to one group, also of two colours. The weights are the deployments': the
 * first of them makes the action a weighted one, by the SDK. Here a weight of 0 may come out as 1, and requests would go to a colour without hosts.
 * @see https://github.com/pulumi/pulumi-aws/issues/5772
 */
export function forwardTo(targets: Targets) {
    const { arn } = "group" in targets ? targets.group : targets.groups[targets.serving];
    return { type: "forward", targetGroupArn: arn };
}

/**
 * Options of what has that action. All of it is ignored, which a stack of one fleet has, too, word for word: of what is ignored and not in the state
 * Pulumi would not take the program's, but leave it out. The provider sends AWS the actions of a listener only when they change.
 * @see https://github.com/pulumi/pulumi/blob/v3.248.0/sdk/go/common/resource/properties_path.go
 */
export function actionOptions(targets: Targets, actions: "defaultActions" | "actions"): pulumi.CustomResourceOptions {
    return "group" in targets ? {} : { protect: targets.isProtected, ignoreChanges: [actions] };
}

/** What is wrong with colours. The text never shows the secret, and asterisks would let everybody in: AWS takes them for any text. */
export function colourRules({ headerSecret }: ColoursArgs): readonly (string | false)[] {
    return [typeof headerSecret === "string" && !/^[A-Za-z0-9]{16,64}$/.test(headerSecret) && "colours.headerSecret must be 16 to 64 letters and digits"];
}

/**
 * Leads requests with the header to their colour. By these rules alone a colour to which no request goes is in use: the load balancer checks the targets
 * only of a group that a listener or a rule names, CodeDeploy waits for their health, and Auto Scaling counts requests only of such a group.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
 */
export function makeColourRules(
    name: string, targets: Targets, weights: ColourWeights, place: HeaderPlace, parent: pulumi.Resource,
): Pick<Entrance, "weights" | "headerRules"> {
    if ("group" in targets) return { weights: undefined, headerRules: undefined };
    const secret = pulumi.output(targets.headerSecret);
    const rule = (colour: Colour) => new aws.lb.ListenerRule(`${name}-header-${colour}`, {
        listenerArn: place.listenerArn,
        priority: place.firstPriority + colours.indexOf(colour),
        actions: [{ type: "forward", targetGroupArn: targets.groups[colour].arn }],
        conditions: [
            ...place.conditions,
            { httpHeader: { httpHeaderName: colourHeader, values: [secret.apply(secret => colourHeaderValue(colour, secret))] } },
        ],
    }, { parent });
    return { weights, headerRules: { blue: rule("blue"), green: rule("green") } };
}
