import { DeliveryError } from "../release/aws/error";
import { shiftProblem } from "../release/blue-green/roll";
import { leastRollMinutes, rollMinutes, type RollPace } from "../release/blue-green/roll-minutes";
import type { RollWishes } from "../release/roll-wishes";
import type { Stage } from "../release/stage";

/** Words of the commands that lead the clients of a blue/green stack to another release. */
export interface ShiftWords {
    /** Percent of the requests, one share after the other. */
    readonly shift?: readonly number[];
    /** Seconds. */
    readonly bake?: number;
}

/**
 * What a person wants of a roll, beside what the stack says.
 * @throws DeliveryError usage for shares that do not lead to 100 percent, and where nothing could follow them
 */
export function rollWishes(stage: Stage, words: ShiftWords, way: "direct" | "pipeline"): RollWishes {
    const named = namesOf(words);
    if (named.length === 0) return {};
    const blueGreen = needBlueGreen(stage, named.join(" and "), ". Take the option away, or see docs/changing-strategy.md.");
    if (way === "pipeline" && stage.source !== "s3") throw new DeliveryError(cannotTravel(stage, named), "usage");
    const wishes = wishesOf(words);
    if (way === "pipeline") needTime(stage.stack, named, blueGreen, { ...blueGreen, ...wishes });
    return wishes;
}

function wishesOf({ shift, bake }: ShiftWords): RollWishes {
    const problem = shift && shiftProblem(shift);
    if (problem !== undefined) throw new DeliveryError(`--shift ${problem}; received ${shift?.join(",") ?? ""}.`, "usage");
    return { ...(shift && { shiftPercents: shift }), ...(bake !== undefined && { bakeSeconds: bake }) };
}

/** The pipeline's build has the time of the settings, and would be cut off in the middle. */
function needTime(stack: string, named: readonly Option[], settings: RollPace, wished: RollPace): void {
    const [limit, least] = [rollMinutes(settings), Math.ceil(leastRollMinutes(wished))];
    if (least <= limit) return;
    throw new DeliveryError(
        `${named.join(" and ")}: ${wished.shiftPercents.length} shares of ${wished.bakeSeconds} s take ${least} minutes at the least, and the pipeline of ${stack} gives a roll ${limit}. `
        + `Take fewer or shorter ones, or ./gapless deploy ${stack} --direct, which has no limit.`,
        "usage",
    );
}

const settings = { "--shift": "shiftPercents", "--bake": "bakeSeconds" } as const;
type Option = keyof typeof settings;

function namesOf({ shift, bake }: ShiftWords): readonly Option[] {
    return [...(shift === undefined ? [] : ["--shift"] as const), ...(bake === undefined ? [] : ["--bake"] as const)];
}

function cannotTravel({ stack, source }: Stage, named: readonly Option[]): string {
    const instead = named.map(option => `gapless:${settings[option]}`).join(" and ");
    return `${named.join(" and ")} cannot go through the pipeline of ${stack} (source: ${source}): set ${instead} in Pulumi.${stack}.yaml and run ./gapless up ${stack}.`;
}

/**
 * @param way what to do where it is not, as the end of the message
 * @throws DeliveryError usage where something makes sense for blue/green alone
 */
export function needBlueGreen({ stack, blueGreen }: Stage, what: string, way: string): NonNullable<Stage["blueGreen"]> {
    if (blueGreen !== undefined) return blueGreen;
    throw new DeliveryError(`${what}: for blue/green stacks alone, and ${stack} is rolled host by host${way}`, "usage");
}
