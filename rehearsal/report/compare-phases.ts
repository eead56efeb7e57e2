import { fastestSeconds, instanceSeconds, median, medianSeconds } from "./measured-phases";
import type { ColoursInput, ReportInput, TimelineEvent } from "./report-input";
import type { Report } from "./report-schema";

/** Forecast, measurement and what is expected on AWS beside one another. */
export function comparePhases(input: ReportInput, events: readonly TimelineEvent[]): Report["phases"] {
    const [forecast, onAws] = input.strategy === "rolling"
        ? [input.forecast.secondsPerPhase, input.onAws.secondsPerPhase]
        : [input.forecast.secondsPerStep, input.onAws.secondsPerStep];
    const measured = input.strategy === "rolling" ? medianSeconds(instanceSeconds(events)) : stepSeconds(input);
    return Object.keys(forecast).map(name => ({
        name, forecastSeconds: forecast[name as keyof typeof forecast], measuredSeconds: round(measured?.[name as keyof typeof measured]), onAwsSeconds: onAws[name as keyof typeof onAws],
    }));
}

/**
 * What no rollout with these settings could have beaten on this machine: in each wave what is waited for, and the change of container as fast
 * as the fastest instance had it. Until an instance has gone all the way, and with blue/green, it is the forecast's.
 */
export function lowerBoundSeconds(input: ReportInput, events: readonly TimelineEvent[]): number {
    if (input.strategy === "blueGreen") return input.forecast.lowerBoundSeconds;
    const { waves, secondsPerPhase: { drain, gaps }, lowerBoundSeconds } = input.forecast;
    const fastest = fastestSeconds(instanceSeconds(events));
    return fastest ? waves.length * (drain + gaps + fastest.start + fastest.healthy) : lowerBoundSeconds;
}

/** The first roll's way forward. */
function stepSeconds({ colours: { steps } }: ColoursInput): Readonly<Record<string, number>> {
    const own = steps.filter(({ roll, phase, problem }) => roll === steps[0]?.roll && phase === "forward" && problem === undefined);
    const names = new Set(own.map(({ step }) => step.name));
    return Object.fromEntries([...names].map(name => [name, median(own.filter(({ step }) => step.name === name).map(({ startMs, endMs }) => (endMs - startMs) / 1000))]));
}

function round(seconds: number | undefined): number | null {
    return seconds === undefined ? null : Math.round(seconds * 1000) / 1000;
}
