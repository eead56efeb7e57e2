import type { Colour } from "../../release/blue-green/colour";
import type { ColoursSeen, StepSeen, WeightsSeen } from "./colours-seen";
import { ReportError } from "./report-error";
import type { ColoursReport } from "./report-schema";

/** Where a blue/green rehearsal led: its first roll says so. */
export function directionOf({ rolls: [first] }: ColoursSeen): { readonly from: Colour; readonly to: Colour } {
    if (first === undefined) throw new ReportError("A report on blue/green needs the roll that was carried out; got none.");
    return first.roll;
}

/** Tells of weights and steps what a reader asks: how long each took, and with how few targets. */
export function describeColours(seen: ColoursSeen, instances: number): ColoursReport["colours"] {
    const { from, to } = directionOf(seen);
    const flip = flipOf(seen);
    const flipBack = flipBackOf(seen);
    return {
        from, to,
        rolls: seen.rolls.map(({ roll: { id, kind }, outcome, reason, left }) => ({
            id, kind, outcome, left: [...left], ...(reason !== undefined && { reason }),
        })),
        weights: seen.weights.map(describeCall),
        flip: flip ? describeCall(flip) : null,
        flipBack: flipBack ? describeCall(flipBack) : null,
        steps: seen.steps.map(describeStep),
        capacityFloor: capacityFloor(seen, instances),
    };
}

/** The change that gave the new colour all requests. */
export function flipOf(seen: ColoursSeen): WeightsSeen | undefined {
    const { to } = directionOf(seen);
    return seen.weights.find(({ calls, weights }) => calls > 0 && weights[to] === 100);
}

/** The change that gave the colour from before all requests again. */
export function flipBackOf(seen: ColoursSeen): WeightsSeen | undefined {
    const { from, to } = directionOf(seen);
    const gone = seen.weights.findIndex(({ weights }) => weights[to] > 0);
    return gone < 0 ? undefined : seen.weights.slice(gone + 1).find(({ weights }) => weights[from] === 100);
}

/** When the first way back began, be it of the first roll or as a roll of its own. */
export function wayBackMs(seen: ColoursSeen): number | undefined {
    const [first] = seen.rolls;
    return seen.steps.find(({ phase, roll }) => phase === "back" || roll !== first?.roll.id)?.startMs;
}

/** Shares of the requests that the new colour was given, in their order. */
export function shiftsOf(seen: ColoursSeen): readonly number[] {
    const { to } = directionOf(seen);
    const until = flipBackOf(seen)?.atMs ?? Infinity;
    return seen.weights.filter(({ calls, atMs }) => calls > 0 && atMs < until).map(({ weights }) => weights[to]);
}

function describeCall({ atMs, weights, tookMs, calls }: WeightsSeen): ColoursReport["colours"]["weights"][number] {
    return { atMs, weights: { ...weights }, ms: Math.round(tookMs * 10) / 10, calls };
}

function describeStep({ roll, phase, step, startMs, endMs, problem }: StepSeen): ColoursReport["colours"]["steps"][number] {
    return {
        roll, phase, name: step.name, startMs, seconds: Math.round(endMs - startMs) / 1000,
        ...("percent" in step && { percent: step.percent }),
        ...(problem !== undefined && { problem }),
    };
}

/** A colour with a share of the requests must be as large as the whole fleet: any share may become all of them. */
function capacityFloor({ capacity, weights }: ColoursSeen, instances: number): number | null {
    const shares = capacity.flatMap(({ atMs, healthy }) => {
        const now = weights.findLast(change => change.atMs <= atMs)?.weights;
        if (now === undefined) return [];
        return (["blue", "green"] as const).filter(colour => now[colour] > 0).map(colour => healthy[colour] / instances);
    });
    return shares.length === 0 ? null : Math.min(...shares);
}
