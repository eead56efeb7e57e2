import type { Colour } from "../../release/blue-green/colour";
import type { EndedRoll } from "../../release/blue-green/machine";
import type { Step } from "../../release/blue-green/step";

/** A step of a roll, as it was carried out. */
export interface StepSeen {
    /** Id of its roll. */
    readonly roll: string;
    /** Which way the roll went. */
    readonly phase: "forward" | "back";
    readonly step: Step;
    /** When it began and ended, in milliseconds since 1970, on the clock of the load's records. */
    readonly startMs: number;
    readonly endMs: number;
    /** Why it could not be carried out. */
    readonly problem?: string;
}

/** One change of who gets how many of the requests. */
export interface WeightsSeen {
    /** When the first call was sent, in milliseconds since 1970. */
    readonly atMs: number;
    /** Milliseconds until the last was answered. */
    readonly tookMs: number;
    /** Calls that it needed. */
    readonly calls: number;
    /** Percent of the requests that each colour gets from then on. */
    readonly weights: Readonly<Record<Colour, number>>;
}

/** What the balancer thought of the two colours at a time. */
export interface CapacitySeen {
    /** Milliseconds since 1970. */
    readonly atMs: number;
    /** Targets that take requests. */
    readonly healthy: Readonly<Record<Colour, number>>;
}

/** What a blue/green rehearsal saw beside the requests: its first roll brings version 2, a second one may flip back. */
export interface ColoursSeen {
    /** The rolls, as they ended, in their order. */
    readonly rolls: readonly EndedRoll[];
    readonly steps: readonly StepSeen[];
    /** The weights as they were at the beginning, with no call, and every change of them. */
    readonly weights: readonly WeightsSeen[];
    readonly capacity: readonly CapacitySeen[];
}
