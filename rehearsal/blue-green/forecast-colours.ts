import { eventsWithoutLoadBalancer } from "../../release/lifecycle";
import { eventGapSeconds, type WorkSeconds } from "../../release/rollout";
import type { RehearsalPlan } from "../plan";
import type { ColoursForecast } from "../report/report-input";
import type { Shifting } from "./colour-session";
import { bootSeconds } from "./colour-site";

/** How long a release takes to the idle colour and from there to the clients, at the plan's time scale; what the machine works at is not scaled. */
export function forecastColours({ rollout: { healthCheck }, options: { timeScale } }: RehearsalPlan, { shiftPercents, bakeSeconds }: Required<Shifting>, work: WorkSeconds): ColoursForecast {
    const gaps = timeScale * eventsWithoutLoadBalancer.length * eventGapSeconds;
    const waits = { boot: timeScale * bootSeconds, install: gaps, bake: timeScale * bakeSeconds };
    const secondsPerStep = {
        boot: waits.boot,
        install: gaps + work.download + work.pull + work.install + work.run + work.validate,
        // A target that was registered before its release needs as many passed checks as an unhealthy one.
        healthy: timeScale * healthCheck.healthyThreshold * healthCheck.intervalSeconds,
        bake: waits.bake,
    };
    const bakes = shiftPercents.length;
    return {
        secondsPerStep,
        rolloutSeconds: secondsPerStep.boot + secondsPerStep.install + secondsPerStep.healthy + bakes * secondsPerStep.bake,
        capacityFloor: 1,
        lowerBoundSeconds: waits.boot + waits.install + bakes * waits.bake,
    };
}
