import { otherColour } from "../../blue-green/colour";
import type { Pace } from "../../blue-green/drive";
import type { ActiveRoll } from "../../blue-green/machine";
import type { Roll } from "../../blue-green/roll";
import type { Clock } from "../../clock";
import type { FailedInstance } from "../../deployment-end";
import type { ColourResources } from "../../stage";
import type { FollowTell } from "../follow-deployment";
import { Poll } from "../poll";
import type { ColourClients } from "./clients";
import type { ColouredStage } from "./coloured-stage";

/** One call by which requests have gone over. */
export interface ShiftCall {
    /** When it had been answered. */
    readonly at: Date;
    /** How long it took. */
    readonly ms: number;
}

/** What a driver has seen and done, beside what is written down. */
export interface RollNotes {
    failedInstances: readonly FailedInstance[];
    /** Whether requests have gone another way since it drives. */
    weightsMoved: boolean;
    /** The call that sent all requests to the new colour, by this driver. */
    call?: ShiftCall;
}

/** Where a roll is driven. */
export interface RollPlace {
    readonly clients: ColourClients;
    readonly stage: ColouredStage;
    readonly clock: Clock;
    readonly tell: FollowTell;
    /** Who drives, for CodeDeploy's own records. */
    readonly who: string;
    readonly notes: RollNotes;
}

/** What a step works with. */
export interface StepWork extends RollPlace {
    readonly roll: Roll;
    readonly from: ColourResources;
    readonly to: ColourResources;
    readonly pace: Pace;
    /** Time in which wishes and deadlines act, for whatever waits by a clock. */
    readonly clock: Clock;
    /** Asks AWS, and again while it is busy or cannot be reached. */
    readonly ask: <Answer>(question: (abortSignal: AbortSignal) => Promise<Answer>) => Promise<Answer>;
}

/** What a call needs that is answered sooner or later. */
export type Asking = Pick<StepWork, "ask" | "clients">;

export function stepWork(place: RollPlace, { roll }: ActiveRoll, pace: Pace): StepWork {
    const { stage, tell } = place;
    const clock: Clock = { now: () => place.clock.now(), wait: seconds => pace.rest(seconds) };
    const goesOn = `How roll ${roll.id} stands: ./gapless status ${stage.stack}.`;
    const poll = new Poll({ clock, signal: pace.signal, goesOn, warn: text => { tell.warn(text); } });
    return {
        ...place, roll, pace, clock, from: stage.blueGreen[otherColour(roll.to)], to: stage.blueGreen[roll.to],
        ask: question => poll.ask(question),
    };
}

/** Whether something may be added to an error: what ends the driving at once passes as it is. */
export function isFailure(error: unknown, { signal }: Pace): error is Error {
    return error instanceof Error && !signal.aborted;
}
