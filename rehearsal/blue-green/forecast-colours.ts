import { forecastRoll } from "../../release/blue-green/forecast";
import type { RollWorkSeconds } from "../../release/rollout";
import type { RehearsalPlan } from "../plan";
import type { ColoursForecast } from "../report/report-input";
import type { Shifting } from "./colour-session";

/** Seconds of a step that only tells this machine something. */
const callSeconds = 0.01;

/** What a release to the idle colour takes here. A boot is a wait here, and no work; and on new instances no container has to be stopped. The negative control drains nothing. */
export function forecastColours({ rollout, options: { timeScale, draining } }: RehearsalPlan, shifting: Required<Shifting>, work: Omit<RollWorkSeconds, "call">): ColoursForecast {
    const drainSeconds = draining ? rollout.drainSeconds : 0;
    const expected = forecastRoll({ ...rollout, ...shifting, drainSeconds }, timeScale, { ...work, stop: 0, boot: timeScale * work.boot, call: callSeconds });
    const { secondsPerStep, rolloutSeconds, capacityFloor, lowerBoundSeconds } = expected;
    return { secondsPerStep, rolloutSeconds, capacityFloor, lowerBoundSeconds };
}
