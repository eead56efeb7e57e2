import { z } from "zod";
import { median } from "../rehearsal/median";
import { exitCodes } from "./exit-code";
import type { SoakLine, SoakPiece, SoakRun } from "./soak";

/** A rehearsal by which the pace of a rollout is judged. */
export interface SpeedRun {
    readonly instances: number;
    readonly rolloutSeconds: number;
    /** Seconds that the rollout took at the least. */
    readonly lowerBoundSeconds: number;
}

/** A rollout over twice as many instances, half at a time, has as many waves: only the work of more containers makes it longer. */
const mostTimesOfHalf = 1.5;
const mostTimesOfLeast = 1.25;
const [half, whole] = [4, 8];

/** Half at a time over fleets of these sizes; those that are compared take turns, because a machine is not as quick at any time. */
export const speedPieces: readonly SoakPiece[] = [[2, 1], [half, 3], [whole, 3], [16, 1]].map(([instances = 0, times = 0]) => ({
    name: `rolling, ${instances} instances`,
    words: ["--strategy", "rolling", "--instances", String(instances)],
    wanted: exitCodes.done, times,
}));

const printed = z.object({ strategy: z.literal("rolling"), instances: z.number(), rolloutSeconds: z.number(), lowerBoundSeconds: z.number().positive() });

/** What a rehearsal says about the pace; undefined when it printed no report. */
export function speedOf(run: Pick<SoakRun, "printed">): SpeedRun | undefined {
    try {
        return printed.safeParse(JSON.parse(run.printed)).data;
    } catch {
        return undefined;
    }
}

/** Judges by the medians of runs how a rollout grows with its fleet, and how near it comes to the least that it can take. */
export function judgeSpeed(runs: readonly SpeedRun[]): readonly SoakLine[] {
    const seconds = (size: number) => median(runs.filter(({ instances }) => instances === size).map(({ rolloutSeconds }) => rolloutSeconds));
    const least = [half, whole].map(size => judged(
        `pace of ${size} instances`, "the least that it takes", mostTimesOfLeast,
        median(runs.filter(({ instances }) => instances === size).map(({ rolloutSeconds, lowerBoundSeconds }) => rolloutSeconds / lowerBoundSeconds)),
    ));
    return [judged(`pace of ${whole} instances beside ${half}`, `a rollout over ${half}`, mostTimesOfHalf, seconds(whole) / seconds(half)), ...least];
}

function judged(name: string, what: string, most: number, times: number): SoakLine {
    const told = Number.isNaN(times) ? "no rehearsal told its pace" : `the rollout takes ${times.toFixed(2)} times ${what}; ${most} may be`;
    return { name, told, good: times <= most };
}
