import { forecastRoll } from "../../release/blue-green/forecast";
import type { RollWorkSeconds } from "../../release/rollout";
import { expectAny, planHere, rehearsalHabits } from "../expectation";
import type { RehearsalPlan } from "../plan";
import type { ColoursInput, Expected } from "../report/report-input";
import type { Shifting } from "./colour-session";

/** Seconds of a step that only tells this machine something. */
const callSeconds = 0.01;

/**
 * What a blue/green rehearsal is expected to come to, here and, with the stage's own settings, on AWS, beside what it ran with. A boot is a wait here, and no work; and on new
 * instances no container has to be stopped.
 * @param drainMs real milliseconds for which a leaving target drains; none in the negative control
 */
export function expectColours(
    plan: RehearsalPlan, shifting: Required<Shifting>, work: Omit<RollWorkSeconds, "call">, drainMs: number,
): Expected & Pick<ColoursInput, "forecast" | "onAws"> {
    const { rollout, options: { timeScale } } = plan;
    const here = forecastRoll({ ...planHere(plan, { drainMs }), ...shifting }, {
        scale: timeScale, work: { ...work, stop: 0, boot: timeScale * work.boot, call: callSeconds }, habits: rehearsalHabits,
    });
    const onAws = forecastRoll({ ...rollout, ...shifting });
    return {
        ...expectAny(plan, { drainMs, trafficControl: true }),
        forecast: { secondsPerStep: here.secondsPerStep, rolloutSeconds: here.rolloutSeconds, capacityFloor: here.capacityFloor, lowerBoundSeconds: here.lowerBoundSeconds },
        onAws,
    };
}
