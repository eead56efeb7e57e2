import type { RollForecast } from "../../release/blue-green/forecast";
import type { Forecast } from "../../release/forecast";
import type { RequestRecord } from "../load/request-record";
import type { StopSeen } from "../stops/stop-seen";
import type { ColoursSeen } from "./colours-seen";
import type { Report } from "./report-schema";

/** Something that happened during a rehearsal. */
export interface TimelineEvent {
    /** Milliseconds since 1970, on the clock of the load's records. */
    readonly atMs: number;
    /** The instance it happened on; none = the fleet. */
    readonly instance?: string;
    /** A lifecycle event of an instance, or one of the `milestones`. */
    readonly event: string;
    /** `started` when a lifecycle event begins; anything else ends it. */
    readonly status?: string;
    readonly detail?: string;
}

/** The events of the fleet from which a report tells its phases and waves. */
export const milestones = {
    rolloutStarted: "RolloutStarted",
    waveStarted: "WaveStarted",
    rollbackStarted: "RollbackStarted",
    rolloutEnded: "RolloutEnded",
} as const;

/** What was expected of a blue/green release, at a time scale. */
export interface ColoursForecast {
    /** Seconds of steps, by their names; of one that is repeated, each time. Those that take no time to speak of may be left out. */
    readonly secondsPerStep: Readonly<Record<string, number>>;
    /** Seconds from the first step to the last, when nothing fails. */
    readonly rolloutSeconds: number;
    /** Share of the instances that serve at any time, 0 to 1. */
    readonly capacityFloor: number;
    /** Seconds that no roll with these settings can beat. */
    readonly lowerBoundSeconds: number;
}

/** The settings that a rehearsal ran with. */
export type Settings = Report["settings"];

/** What a rehearsal is asked, beside what it is expected to come to. */
export interface Expected {
    readonly settings: Settings;
    /** The command line that repeats it. */
    readonly reproduce: string;
}

interface Rehearsed extends Expected {
    readonly stage: string;
    /** Factor on what the service waited for; 1 = as long as on AWS. */
    readonly timeScale: number;
    /** Requests a second that were asked for. */
    readonly ratePerSecond: number;
    /** The seed of the load. */
    readonly seed: number;
    /** Instances of the fleet that serves. */
    readonly instances: number;
    /** The release that served before and the one rolled out, as `X-Release` says them. */
    readonly versions: { readonly before: string; readonly after: string };
    /** How the rollout itself ended, whatever the clients saw. */
    readonly end: { readonly outcome: "succeeded" | "failed" | "rolledBack"; readonly reason: string };
    /** Requests that may fail before the verdict is `failed`. */
    readonly budget: number;
    /** Everything between the start and the end of the load. */
    readonly records: readonly RequestRecord[];
    /** How the service's containers ended that were told to. */
    readonly stops: readonly StopSeen[];
    readonly events: readonly TimelineEvent[];
}

/** What the report of a rolling release is made from. */
export interface RollingInput extends Rehearsed {
    readonly strategy: "rolling";
    /** What was expected, at this time scale. */
    readonly forecast: Forecast;
    /** What is expected on AWS. */
    readonly onAws: Forecast;
}

/** What the fleet and the clients of a rolling release have seen, as long as nothing is set beside it. */
export type RollingSeen = Omit<RollingInput, keyof Expected | "forecast" | "onAws">;

/** What the report of a blue/green release is made from. */
export interface ColoursInput extends Rehearsed {
    readonly strategy: "blueGreen";
    /** What was expected, at this time scale. */
    readonly forecast: ColoursForecast;
    /** What is expected on AWS. */
    readonly onAws: ColoursForecast & Pick<RollForecast, "rollbackSeconds">;
    readonly colours: ColoursSeen;
}

/** The same of a blue/green release. */
export type ColoursPlayed = Omit<ColoursInput, keyof Expected | "forecast" | "onAws">;

/** All that a report is made from. */
export type ReportInput = RollingInput | ColoursInput;
