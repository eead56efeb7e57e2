import { driveRoll, type Pace, type RollDriver, type RollKeeper } from "../../../release/blue-green/drive";
import { beginRoll, type EndedRoll, type RollState, rollState } from "../../../release/blue-green/machine";
import type { Roll } from "../../../release/blue-green/roll";
import { ReleaseError } from "../../../release/error";
import { ModelDriver } from "./model-driver";
import type { ModelStack } from "./model-stack";

/** What goes wrong at a step, or with what is written down before it; `unwritable` lasts until somebody else drives. */
export const mishaps = [
    "failsBefore", "failsAfter", "crashBefore", "crashDuring", "crashAfter", "crashWritten", "stop", "stopDuring", "unwritten", "unwritable",
] as const;
export type Mishap = (typeof mishaps)[number];

export interface Journey {
    readonly roll: Roll;
    readonly stack: ModelStack;
    /** What goes wrong, by the number of the step that is carried out, from 0. */
    readonly mishaps: Readonly<Record<number, Mishap>>;
    /** What happens while nobody drives. */
    readonly away: (stack: ModelStack) => void;
}

export interface Arrival {
    readonly end: EndedRoll;
    /** Steps that were carried out or tried. */
    readonly steps: number;
    /** Where requests went whenever nobody drove any more, in percent to `to`. */
    readonly left: readonly { readonly state: RollState; readonly mishap: Mishap | undefined; readonly percent: number }[];
}

class Crash extends Error {}

/** Drives a roll to its end, by as many drivers as it takes. */
export async function travel({ roll, stack, mishaps, away }: Journey): Promise<Arrival> {
    const model = new ModelDriver(stack);
    const left: Arrival["left"][number][] = [];
    const met = new Set<number>();
    let steps = 0;
    let wish: string | undefined;
    let written = JSON.stringify(beginRoll(roll));

    const drive = async (start: Exclude<RollState, EndedRoll>): Promise<Mishap | undefined> => {
        const controller = new AbortController();
        const last: { mishap: Mishap | undefined; unwritable: boolean } = { mishap: undefined, unwritable: false };
        const crash = () => {
            controller.abort(new Crash());
            throw new Crash();
        };
        const meets = (...which: readonly Mishap[]): boolean => {
            const mishap = mishaps[steps];
            if (mishap === undefined || met.has(steps) || !which.includes(mishap)) return false;
            met.add(steps);
            last.mishap = mishap;
            return true;
        };
        const keeper: RollKeeper = {
            keep: async state => {
                if (meets("unwritable")) last.unwritable = true;
                if (last.unwritable || meets("unwritten")) throw new Error("nothing can be written");
                written = JSON.stringify(state);
                if (meets("crashWritten")) crash();
                return Promise.resolve();
            },
            stopRequested: async () => {
                if (meets("stop")) wish = "enough";
                return Promise.resolve(wish);
            },
        };
        const driver: RollDriver = {
            carryOut: async (step, state, pace) => {
                if (meets("crashBefore")) crash();
                const [failsBefore, failsAfter] = [meets("failsBefore"), meets("failsAfter")];
                const [crashDuring, crashAfter, stopDuring] = [meets("crashDuring"), meets("crashAfter"), meets("stopDuring")];
                steps += 1;
                if (failsBefore) throw new Error(`${step.name} fails`);
                const resting: Pace = {
                    signal: pace.signal,
                    rest: seconds => {
                        if (crashDuring) crash();
                        if (stopDuring) wish = "enough";
                        return pace.rest(seconds);
                    },
                };
                const result = await model.carryOut(step, state, resting);
                if (crashDuring || crashAfter) crash();
                if (stopDuring) wish = "enough";
                if (failsAfter) throw new Error(`${step.name} fails`);
                return result;
            },
        };
        try {
            await driveRoll(start, driver, keeper, { clock: stack, signal: controller.signal, tell: () => undefined });
        } catch (error) {
            const untold = last.mishap === "unwritten" || last.mishap === "unwritable";
            if (!(error instanceof Crash) && !(untold && error instanceof ReleaseError)) throw error;
        }
        return last.mishap;
    };

    for (let drives = 0; drives < 20; drives += 1) {
        const state = rollState.parse(JSON.parse(written));
        if (state.phase === "ended") return { end: state, steps, left };
        const mishap = await drive(state);
        left.push({ state: rollState.parse(JSON.parse(written)), mishap, percent: stack.weights[roll.to] });
        away(stack);
    }
    throw new Error(`the roll has no end: ${written}`);
}
