import {
    type Action, DescribeListenersCommand, DescribeRulesCommand, type ElasticLoadBalancingV2Client, ModifyListenerCommand, ModifyRuleCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { type Colour, colours } from "../../blue-green/colour";
import type { BlueGreen } from "../../stage";
import { DeliveryError } from "../error";
import type { StepWork } from "./step-work";

/** Percent of the requests that each colour gets. */
export type ColourWeights = Readonly<Record<Colour, number>>;

export async function readWeights(loadBalancing: ElasticLoadBalancingV2Client, blueGreen: BlueGreen, signal: AbortSignal): Promise<ColourWeights> {
    return weightsIn(await readActions(loadBalancing, blueGreen, signal), blueGreen);
}

/**
 * Which colour serves by the weights, which are the truth of it while no roll is under way.
 * @throws DeliveryError needsPerson when both get requests, or none does
 */
export function servingColour(weights: ColourWeights, stack: string): Colour {
    const serving = colours.find(colour => weights[colour] === 100);
    if (serving !== undefined) return serving;
    throw new DeliveryError(
        `The load balancer sends ${weights.blue} % of the requests of ${stack} to blue and ${weights.green} % to green, and no roll is under way that would. `
        + "Somebody has changed its weights by hand: set them to 100 and 0 there, so that it is clear which colour serves.",
        "needsPerson",
    );
}

/** Sends so much of the requests to the colour `to`, and the rest to the other: by one call, or by none when it is so already. */
export async function sendTo(work: StepWork, to: Colour, percent: number): Promise<void> {
    const { stage: { blueGreen }, clients: { loadBalancing }, ask, clock, tell, notes, roll } = work;
    const look = (): Promise<Action[]> => ask(signal => readActions(loadBalancing, blueGreen, signal));
    const wanted: ColourWeights = to === "blue" ? { blue: percent, green: 100 - percent } : { blue: 100 - percent, green: percent };
    const isSo = (found: readonly Action[]): boolean => colours.every(colour => weightsIn(found, blueGreen)[colour] === wanted[colour]);
    const actions = await look();
    if (isSo(actions)) return;
    notes.weightsMoved = true;
    const begin = clock.now().getTime();
    await ask(signal => writeActions(loadBalancing, blueGreen, actions.map(action => weighted(action, blueGreen, wanted)), signal));
    const at = clock.now();
    const ms = at.getTime() - begin;
    if (to === roll.to && percent === 100) notes.call = { at, ms };
    const found = await look();
    if (!isSo(found)) throw new Error(`the load balancer sends ${weightsIn(found, blueGreen)[to]} % of the requests to ${to}, although it was told ${percent} %`);
    tell.step(`${percent} % of the requests go to ${to}, by one call of ${ms} ms`);
}

/** @throws when a colour gets requests, which must never lose its instances */
export async function assertIdle({ ask, clients: { loadBalancing }, stage: { blueGreen } }: StepWork, colour: Colour): Promise<void> {
    const weights = await ask(signal => readWeights(loadBalancing, blueGreen, signal));
    if (weights[colour] > 0) throw new Error(`${colour} gets ${weights[colour]} % of the requests, so its instances are left alone`);
}

export function weightsIn(actions: readonly Action[], { blue, green }: BlueGreen): ColourWeights {
    const { ForwardConfig, TargetGroupArn } = actions.find(({ Type }) => Type === "forward") ?? {};
    const { TargetGroups: groups = [{ TargetGroupArn }] } = ForwardConfig ?? {};
    // The only group of an action may come without a weight, and has all requests.
    const weightOf = ({ Weight = groups.length === 1 ? 1 : 0 }: { readonly Weight?: number | undefined }): number => Weight;
    const sum = groups.reduce((total, group) => total + weightOf(group), 0);
    const percentOf = (arn: string): number => {
        const weight = weightOf(groups.find(({ TargetGroupArn: other }) => other === arn) ?? { Weight: 0 });
        return sum === 0 ? 0 : weight * 100 / sum;
    };
    return { blue: percentOf(blue.targetGroupArn), green: percentOf(green.targetGroupArn) };
}

/** What else a listener does before, such as to ask who somebody is, stays. */
function weighted(action: Action, { blue, green }: BlueGreen, weights: ColourWeights): Action {
    if (action.Type !== "forward") return action;
    return {
        ...action,
        TargetGroupArn: undefined,
        ForwardConfig: {
            TargetGroups: [{ TargetGroupArn: blue.targetGroupArn, Weight: weights.blue }, { TargetGroupArn: green.targetGroupArn, Weight: weights.green }],
            // Off, or a client would stay with a colour that shall serve nobody any more.
            TargetGroupStickinessConfig: { Enabled: false },
        },
    };
}

async function readActions(loadBalancing: ElasticLoadBalancingV2Client, { weights }: BlueGreen, abortSignal: AbortSignal): Promise<Action[]> {
    if ("ruleArn" in weights) {
        const { Rules: [rule] = [] } = await loadBalancing.send(new DescribeRulesCommand({ RuleArns: [weights.ruleArn] }), { abortSignal });
        return rule?.Actions ?? [];
    }
    const { Listeners: [listener] = [] } = await loadBalancing.send(new DescribeListenersCommand({ ListenerArns: [weights.listenerArn] }), { abortSignal });
    return listener?.DefaultActions ?? [];
}

async function writeActions(loadBalancing: ElasticLoadBalancingV2Client, { weights }: BlueGreen, actions: Action[], abortSignal: AbortSignal): Promise<void> {
    if ("ruleArn" in weights) await loadBalancing.send(new ModifyRuleCommand({ RuleArn: weights.ruleArn, Actions: actions }), { abortSignal });
    else await loadBalancing.send(new ModifyListenerCommand({ ListenerArn: weights.listenerArn, DefaultActions: actions }), { abortSignal });
}
