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
 * The action that sends requests to the targets, of a listener as of a rule. Nothing keeps a client with its colour: that is what AWS does unasked, and
 * asked for it tells no duration back. The provider would then find a difference at each `up`, and write the action again, with weights of long ago.
 * @see https://github.com/hashicorp/terraform-provider-aws/issues/15144
 */
export function forwardTo(targets: Targets) {
    if ("group" in targets) return { type: "forward", targetGroupArn: targets.group.arn };
    const { groups, serving = "blue" } = targets;
    return {
        type: "forward",
        forward: { targetGroups: colours.map(colour => ({ arn: groups[colour].arn, weight: colour === serving ? 100 : 0 })) },
    };
}

/**
 * Options of what has that action. Weights that an action does not have yet must not be ignored: Pulumi would not take the program's, but drop
 * them, from its inputs and from the provider's plan.
 * @see https://github.com/pulumi/pulumi/blob/v3.248.0/sdk/go/common/resource/properties_path.go
 */
export function weightOptions(targets: Targets, actions: "defaultActions" | "actions"): pulumi.CustomResourceOptions {
    if ("group" in targets) return {};
    return { protect: targets.isProtected, ...(targets.serving !== undefined && { ignoreChanges: [`${actions}[0].forward.targetGroups`] }) };
}

/** What is wrong with colours. The text never shows the secret, and asterisks would let everybody in: AWS takes them for any text. */
export function colourRules({ headerSecret }: ColoursArgs): readonly (string | false)[] {
    return [typeof headerSecret === "string" && !/^[A-Za-z0-9]{16,64}$/.test(headerSecret) && "colours.headerSecret must be 16 to 64 letters and digits"];
}

/**
 * Leads requests with the header to their colour. It is also by these rules that the load balancer checks the targets of a colour
 * to which no request goes: it checks those of a group that some rule names.
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
