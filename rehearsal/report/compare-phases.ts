import { median } from "../median";
import { fastestSeconds, instanceSeconds, medianOfEnded, medianSeconds } from "./measured-phases";
import type { ColoursInput, ReportInput, TimelineEvent } from "./report-input";
import type { Report } from "./report-schema";

type Seconds = Readonly<Record<string, number>>;

/** Forecast, measurement and what is expected on AWS beside one another. */
export function comparePhases(input: ReportInput, events: readonly TimelineEvent[]): Report["phases"] {
    const [forecast, onAws, measured]: readonly (Seconds | undefined)[] = input.strategy === "rolling"
        ? [input.forecast.secondsPerPhase, input.onAws.secondsPerPhase, medianSeconds(instanceSeconds(events)) ?? medianOfEnded(events)]
        : [input.forecast.secondsPerStep, input.onAws.secondsPerStep, stepSeconds(input)];
    return Object.entries(forecast ?? {}).map(([name, seconds]) => {
        const took = measured?.[name];
        return { name, forecastSeconds: inMs(seconds), measuredSeconds: took === undefined ? null : inMs(took), onAwsSeconds: inMs(onAws?.[name] ?? 0) };
    });
}

/**
 * What no rollout with these settings could have beaten on this machine: in each wave what is waited for, and the change of container as fast
 * as the fastest instance had it. Until an instance has gone all the way, and with blue/green, it is the forecast's.
 */
export function lowerBoundSeconds(input: ReportInput, events: readonly TimelineEvent[]): number {
    if (input.strategy === "blueGreen") return inMs(input.forecast.lowerBoundSeconds);
    const { waves, secondsPerPhase: { drain, gaps }, lowerBoundSeconds } = input.forecast;
    const fastest = fastestSeconds(instanceSeconds(events));
    return inMs(fastest ? waves.length * (drain + gaps + fastest.start + fastest.healthy) : lowerBoundSeconds);
}

/** The first roll's way forward. */
function stepSeconds({ colours: { steps } }: ColoursInput): Seconds {
    const own = steps.filter(({ roll, phase, problem }) => roll === steps[0]?.roll && phase === "forward" && problem === undefined);
    const names = new Set(own.map(({ step }) => step.name));
    return Object.fromEntries([...names].map(name => [name, median(own.filter(({ step }) => step.name === name).map(({ startMs, endMs }) => (endMs - startMs) / 1000))]));
}

/** Seconds without the dust below a millisecond. */
function inMs(seconds: number): number {
    return Math.round(seconds * 1000) / 1000;
}
