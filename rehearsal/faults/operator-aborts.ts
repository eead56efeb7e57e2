import { canTurnBack, type RollState } from "../../release/blue-green/machine";
import type { Roll } from "../../release/blue-green/roll";
import { bakeLookSeconds, forwardSteps, type Step } from "../../release/blue-green/step";
import type { Driving, Wrap } from "../blue-green/colour-session";
import { lookBefore, problemsAfter } from "./after-roll";
import type { ColourGround, Fault } from "./fault";

/** Of the service's time, from a wish until all requests are back: whoever drives looks at least every so often, and does what it does here, which is not scaled. */
const backWithinSeconds = bakeLookSeconds + 30;

export const operatorAborts: Fault<ColourGround> = {
    name: "operator-aborts",
    onAws: "A person stops a deployment from another machine, at whatever step it is: before instances boot, while CodeDeploy installs, with half of the "
        + "requests on the new colour.",
    promise: "all requests go back at once, the new colour goes, and everything is as it was before",
    async happen(ground) {
        const { session, releases } = ground;
        const deploys = await abortEachStep(ground, how => {
            const version = releases.otherThan(lookBefore(session).version);
            return session.deploy(version, { shiftPercents: [50, 100], bakeSeconds: 5, warmSeconds: 3600, ...how });
        });
        // So that there is a warm colour to flip to.
        const before = lookBefore(session);
        const warm = await session.deploy(releases.otherThan(before.version), { shiftPercents: [100], bakeSeconds: 0, warmSeconds: 3600 });
        const warmed = await problemsAfter(warm, ["succeeded"], before, ground);
        const flips = await abortEachStep(ground, how => session.flip({ bakeSeconds: 5, ...how }));
        return {
            happened: `${deploys.aborts} deploys and ${flips.aborts} flips were aborted`,
            broken: [...deploys.broken, ...warmed, ...flips.broken],
        };
    },
};

interface Aborts {
    readonly aborts: number;
    readonly broken: readonly string[];
}

/** Begins as many rolls as one has steps at which a person may stop it, and stops each of them at another, until one leaves the stack otherwise than it must. */
async function abortEachStep(ground: ColourGround, begin: (how: Driving) => Promise<RollState>): Promise<Aborts> {
    const broken: string[] = [];
    let stoppable: readonly Step[] = [];
    for (let at = 0; at === 0 || (at < stoppable.length && broken.length === 0); at++) {
        const before = lookBefore(ground.session);
        const reached: number[] = [];
        const late: string[] = [];
        const end = await begin({
            wrap: wishAt(at, ground, {
                reached: () => void reached.push(at),
                late: problems => void late.push(...problems),
            }),
        });
        stoppable = stoppableSteps(end.roll);
        // The wish comes while the step is carried out, and what waits for nothing is done before anybody looks: the last step may be too late.
        const outcomes = at === stoppable.length - 1 ? ["stopped", "succeeded"] as const : ["stopped"] as const;
        broken.push(...[
            ...(reached.includes(at) ? [] : ["it was never reached"]), ...late, ...await problemsAfter(end, outcomes, before, ground),
        ].map(problem => `${end.roll.kind} aborted at ${stoppable[at]?.name ?? "no step"}: ${problem}`));
    }
    return { aborts: stoppable.length, broken };
}

/** By the state machine's own rule. */
function stoppableSteps(roll: Roll): readonly Step[] {
    return forwardSteps(roll).filter((_, at) => canTurnBack({ roll, phase: "forward", at, left: [] }));
}

/** Who hears that the wish came, and what is wrong with how it was heeded. */
interface Heard {
    readonly reached: () => void;
    readonly late: (problems: readonly string[]) => void;
}

function wishAt(at: number, { session }: Pick<ColourGround, "session">, heard: Heard): Wrap {
    const { clock } = session.site;
    let wishedMs: number | undefined;
    let back = false;
    return driver => ({
        async carryOut(step, state, pace) {
            if (wishedMs === undefined && state.phase === "forward" && state.at === at) {
                wishedMs = clock.now().getTime();
                await session.requestStop(`the rehearsal aborts at step ${at + 1}`);
                heard.reached();
            }
            const result = await driver.carryOut(step, state, pace);
            if (state.phase === "back" && wishedMs !== undefined && !back) {
                back = true;
                heard.late(lateProblems(step, (clock.now().getTime() - wishedMs) / 1000));
            }
            return result;
        },
    });
}

/**
 * What is wrong with the first step of a way back, a sentence each.
 * @param seconds from the wish to the step's end
 */
export function lateProblems({ name }: Step, seconds: number): readonly string[] {
    if (name !== "restore") return [`the way back began with ${name}, and not with the requests`];
    return seconds <= backWithinSeconds ? [] : [`the requests were back after ${seconds.toFixed(0)} s, and ${backWithinSeconds} s is the longest that it may take`];
}
