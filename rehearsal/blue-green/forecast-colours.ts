import { forecastRoll } from "../../release/blue-green/forecast";
import type { RollWorkSeconds } from "../../release/rollout";
import type { RehearsalPlan } from "../plan";
import type { ColoursForecast } from "../report/report-input";
import type { Shifting } from "./colour-session";

/** Seconds of a step that only tells this machine something. */
const callSeconds = 0.01;

/** What a release to the idle colour takes here. A boot is a wait here, and no work; and on new instances no container has to be stopped. */
export function forecastColours({ rollout, options: { timeScale } }: RehearsalPlan, shifting: Required<Shifting>, work: Omit<RollWorkSeconds, "call">): ColoursForecast {
    const expected = forecastRoll({ ...rollout, ...shifting }, timeScale, { ...work, stop: 0, boot: timeScale * work.boot, call: callSeconds });
    const { secondsPerStep, rolloutSeconds, capacityFloor, lowerBoundSeconds } = expected;
    return { secondsPerStep, rolloutSeconds, capacityFloor, lowerBoundSeconds };
}
