import type { Clock } from "../clock";
import { deadlineSeconds } from "./deadline";
import { type ActiveRoll, advanceRoll, canTurnBack, type RollEvent, type RollState, stepOf } from "./machine";
import type { Step } from "./step";

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

/** Where a roll is written down, so that whoever comes later can go on. */
export interface RollKeeper {
    /** Writes a state down: before its step is carried out, and when it has ended. */
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
 * Drives a roll from where it stands to its end, or until its way back is blocked. Every state is written down before it is acted upon.
 * @returns the end; or the state on the way back whose step could not be carried out, which has a `problem`
 */
export async function driveRoll(start: ActiveRoll, driver: RollDriver, keeper: RollKeeper, options: DriveOptions): Promise<RollState> {
    let state: RollState = start;
    for (;;) {
        await keeper.keep(state);
        if (state.phase === "ended") return state;
        options.signal.throwIfAborted();
        const event = await nextEvent(state, driver, keeper, options);
        state = advanceRoll(state, event);
        if (event.type === "failed" && state.phase === "back" && state.problem !== undefined) {
            await keeper.keep(state);
            return state;
        }
    }
}

async function nextEvent(state: ActiveRoll, driver: RollDriver, keeper: RollKeeper, options: DriveOptions): Promise<RollEvent> {
    const step = stepOf(state);
    const pace = new StepPace(step, state, keeper, options);
    try {
        await pace.heedWishes();
        options.tell(step, state);
        return { type: "done", ...await driver.carryOut(step, state, pace) };
    } catch (error) {
        options.signal.throwIfAborted();
        if (error instanceof StopWish) return { type: "stopRequested", reason: error.message };
        return { type: "failed", reason: error instanceof Error ? error.message : String(error) };
    }
}

class StopWish extends Error {
    override readonly name = "StopWish";
}

class StepPace implements Pace {
    private readonly deadline: number;

    constructor(private readonly step: Step, private readonly state: ActiveRoll, private readonly keeper: RollKeeper, private readonly options: DriveOptions) {
        this.deadline = options.clock.now().getTime() + deadlineSeconds(step, state.roll) * 1000;
    }

    get signal(): AbortSignal {
        return this.options.signal;
    }

    async rest(seconds: number): Promise<void> {
        const { clock, signal, stop } = this.options;
        if (clock.now().getTime() >= this.deadline) throw new Error(`not done within ${deadlineSeconds(this.step, this.state.roll)} s`);
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
        const wish = stop?.aborted === true ? String(stop.reason instanceof Error ? stop.reason.message : stop.reason) : await this.keeper.stopRequested();
        if (wish !== undefined) throw new StopWish(wish);
    }
}
