import type { Clock } from "../clock";
import { ReleaseError } from "../error";
import { deadlineSeconds } from "./deadline";
import { type ActiveRoll, advanceRoll, canTurnBack, isStuck, type RollEvent, type RollState, stepOf, takeUpRoll } from "./machine";
import type { Step } from "./step";
import { describeStep } from "./step-text";

/** What a step has come to. */
export interface StepResult {
    /** Of `install`: CodeDeploy's name for the deployment. */
    readonly deploymentId?: string | undefined;
}

/** The time that a step has. */
export interface Pace {
    /** Aborted when nobody may go on: the lock was lost. */
    readonly signal: AbortSignal;
    /** Waits before a driver looks again. Rejects when the step has taken too long, or a person wants the roll to end; that is to be let through. */
    rest(seconds: number): Promise<void>;
}

/** Carries out steps: on AWS, or on local Docker. */
export interface RollDriver {
    /** Carries out a step, or finds that it is so already. Rejects with a reason for people when it cannot. */
    carryOut(step: Step, state: ActiveRoll, pace: Pace): Promise<StepResult>;
}

/** Somebody else drives the roll now. */
export class RollTakenOver extends ReleaseError {}

/** Where a roll is written down, so that whoever comes later can go on. */
export interface RollKeeper {
    /**
     * Writes a state down: before its step is carried out, and when it has ended. Rejects with {@link RollTakenOver} when somebody else has written there
     * meanwhile; with anything else, all requests are sent back to what served, if that is still possible.
     */
    keep(state: RollState): Promise<void>;
    /** Why a person wants it to end; undefined when nobody does. */
    stopRequested(): Promise<string | undefined>;
}

export interface DriveOptions {
    readonly clock: Clock;
    /** Ends the driving at once, not the roll. */
    readonly signal: AbortSignal;
    /** A person's wish to end the roll, as by Ctrl-C; its reason is told. @default nobody's */
    readonly stop?: AbortSignal;
    /** Hears of every step before it is carried out. */
    readonly tell: (step: Step, state: ActiveRoll) => void;
}

/**
 * Drives a roll from where it stands to its end, or until its way back is blocked. Every state is written down before it is acted upon; where that is
 * impossible, the roll turns back, and what served is restored all the same.
 * @returns the end; or the state on the way back that could not be left, which has a `problem`
 * @throws the signal's reason; RollTakenOver; ReleaseError when the new colour serves and that could not be written down, or the end of the roll
 */
export async function driveRoll(start: ActiveRoll, driver: RollDriver, keeper: RollKeeper, options: DriveOptions): Promise<RollState> {
    let state: RollState = takeUpRoll(start);
    for (;;) {
        options.signal.throwIfAborted();
        const trouble = await writeDown(state, keeper);
        // The lock may be lost by now, and then somebody else may be at work.
        options.signal.throwIfAborted();
        if (isStuck(state)) return state;
        if (trouble !== undefined) state = await goOnUnwritten(state, trouble, driver, keeper, options);
        else if (state.phase === "ended") return state;
        else state = advanceRoll(state, await nextEvent(state, driver, keeper, options));
    }
}

/** @returns what went wrong; undefined when nothing did */
async function writeDown(state: RollState, keeper: RollKeeper): Promise<string | undefined> {
    try {
        await keeper.keep(state);
        return undefined;
    } catch (error) {
        if (error instanceof RollTakenOver) throw error;
        return `where roll ${state.roll.id} stands could not be written down: ${textOf(error)}`;
    }
}

/**
 * Turns back. On the way back only the requests are brought back, nothing is taken away: whoever takes the roll up where it was written down last
 * makes sure again of all that it needs.
 */
async function goOnUnwritten(state: RollState, trouble: string, driver: RollDriver, keeper: RollKeeper, options: DriveOptions): Promise<RollState> {
    if (state.phase === "back") {
        const event = stepOf(state).name === "restore" ? await nextEvent(state, driver, keeper, options) : undefined;
        return { ...state, problem: event?.type === "failed" ? `${event.reason}; and ${trouble}` : trouble };
    }
    if (state.phase === "ended" || !canTurnBack(state)) throw new ReleaseError(trouble);
    return advanceRoll(state, { type: "failed", reason: trouble });
}

async function nextEvent(state: ActiveRoll, driver: RollDriver, keeper: RollKeeper, options: DriveOptions): Promise<RollEvent> {
    const step = stepOf(state);
    const pace = new StepPace(step, state, keeper, options);
    try {
        await pace.heedWishes();
        options.tell(step, state);
        return { type: "done", ...await driver.carryOut(step, state, pace) };
    } catch (error) {
        // Not by the error's kind: a driver may have made it part of its own.
        if (pace.wish !== undefined) return { type: "stopRequested", reason: pace.wish };
        return { type: "failed", reason: textOf(error) };
    }
}

function textOf(error: unknown): string {
    return error instanceof Error ? error.message : String(error);
}

class StepPace implements Pace {
    /** Why a person wants the roll to end. */
    wish: string | undefined;
    private readonly deadline: number;

    constructor(private readonly step: Step, private readonly state: ActiveRoll, private readonly keeper: RollKeeper, private readonly options: DriveOptions) {
        this.deadline = options.clock.now().getTime() + deadlineSeconds(step, state.roll) * 1000;
    }

    get signal(): AbortSignal {
        return this.options.signal;
    }

    async rest(seconds: number): Promise<void> {
        const { clock, signal, stop } = this.options;
        if (clock.now().getTime() >= this.deadline) {
            throw new ReleaseError(`${describeStep(this.step, this.state)}: not done within ${deadlineSeconds(this.step, this.state.roll)} s`);
        }
        try {
            await clock.wait(seconds, stop !== undefined && canTurnBack(this.state) ? AbortSignal.any([signal, stop]) : signal);
        } catch (error) {
            await this.heedWishes();
            throw error;
        }
        await this.heedWishes();
    }

    async heedWishes(): Promise<void> {
        const { signal, stop } = this.options;
        signal.throwIfAborted();
        if (!canTurnBack(this.state)) return;
        this.wish = stop?.aborted === true ? textOf(stop.reason) : await this.keeper.stopRequested();
        // The lock may be lost meanwhile.
        signal.throwIfAborted();
        if (this.wish !== undefined) throw new ReleaseError(this.wish);
    }
}
