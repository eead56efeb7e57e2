import { backSteps, forwardSteps, type Step } from "../../release/blue-green/step";
import type { ActiveRoll, RollState } from "../../release/blue-green/machine";
import type { Roll } from "../../release/blue-green/roll";
import type { ColourSession, Driving, Wrap } from "../blue-green/colour-session";

/** The process that drove a roll is gone, without a word. */
class Killed extends Error {
    override readonly name = "Killed";
}

/** Ways of a roll at whose steps its driver is killed. */
export type KilledWay = "forward" | "back";

/** What came of a roll whose driver was killed again and again. */
export interface SurvivedKills {
    readonly end: RollState;
    readonly kills: number;
    /** Moments at which nobody was killed although the way has them. */
    readonly missed: readonly string[];
}

/**
 * Begins a roll and kills its driver once before each step of a way is carried out and once after, when nobody has written down that it was. Each time
 * another driver goes on, from the written document alone.
 * @param wrap what else happens, under the kills
 */
export async function surviveKills(
    session: Pick<ColourSession, "resume">, begin: (how: Driving) => Promise<RollState>, way: KilledWay, wrap: Wrap = driver => driver,
): Promise<SurvivedKills> {
    const killed = new Set<string>();
    let roll: Roll | undefined;
    let drive = begin;
    for (;;) {
        const killer = new AbortController();
        const kill = (moment: string): void => {
            if (killed.has(moment)) return;
            killed.add(moment);
            killer.abort(new Killed(`killed ${moment}`));
            killer.signal.throwIfAborted();
        };
        try {
            const end = await drive({
                kill: killer.signal,
                wrap: (driver, site) => {
                    const inner = wrap(driver, site);
                    return {
                        async carryOut(step, state, pace) {
                            roll = state.roll;
                            if (state.phase !== way) return inner.carryOut(step, state, pace);
                            kill(moment("before", step, state));
                            const result = await inner.carryOut(step, state, pace);
                            kill(moment("after", step, state));
                            return result;
                        },
                    };
                },
            });
            return { end, kills: killed.size, missed: roll === undefined ? ["the roll began with no step"] : momentsOf(roll, way).filter(each => !killed.has(each)) };
        } catch (error) {
            if (!(error instanceof Killed)) throw error;
            drive = how => session.resume(how);
        }
    }
}

function moment(when: "before" | "after", { name }: Step, { phase, at }: Pick<ActiveRoll, "phase" | "at">): string {
    return `${when} ${phase} step ${at + 1}, ${name}`;
}

/** Every moment that a way has, by the state machine's own steps. */
function momentsOf(roll: Roll, phase: KilledWay): readonly string[] {
    const steps = phase === "forward" ? forwardSteps(roll) : backSteps(roll);
    return steps.flatMap((step, at) => [moment("before", step, { phase, at }), moment("after", step, { phase, at })]);
}
