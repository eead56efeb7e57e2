import { z } from "zod";
import { ReleaseError } from "../error";
import { checkRoll, roll, type Roll } from "./roll";
import { backSteps, forwardSteps, isHousekeeping, needsMatch, type Step } from "./step";

const cause = z.object({
    /** Whether a step failed, or a person wanted it to end. */
    by: z.enum(["failure", "person"]),
    reason: z.string(),
});

const common = {
    roll,
    /** CodeDeploy's name for the deployment to `to`, once there is one. */
    deploymentId: z.string().optional(),
    /** What could not be tidied up. */
    left: z.array(z.string()).readonly(),
};

const forward = z.object({ ...common, phase: z.literal("forward"), /** Index of the step. */ at: z.number().int() });
const back = z.object({
    ...common, phase: z.literal("back"), at: z.number().int(), cause,
    /** Why the step could not be carried out, the last time it was tried. */
    problem: z.string().optional(),
});
const ended = z.object({
    ...common, phase: z.literal("ended"),
    /** `rolledBack` means that a step failed and that `from` serves as before; `stopped`, the same by a person's wish. */
    outcome: z.enum(["succeeded", "rolledBack", "stopped"]),
    reason: z.string().optional(),
});

/** A roll between two steps, as it is written down. */
export const rollState = z.discriminatedUnion("phase", [forward, back, ended]);
export type RollState = Readonly<z.output<typeof rollState>>;
export type ActiveRoll = Exclude<RollState, { readonly phase: "ended" }>;
type BackRoll = Extract<RollState, { readonly phase: "back" }>;
export type EndedRoll = Extract<RollState, { readonly phase: "ended" }>;

/** What came of a step, or what a person wants. */
export type RollEvent =
    | { readonly type: "done"; readonly deploymentId?: string | undefined }
    | { readonly type: "failed"; readonly reason: string }
    | StopRequest;
interface StopRequest {
    readonly type: "stopRequested";
    readonly reason: string;
}

/** @throws ReleaseError for a roll that could not be carried out */
export function beginRoll(roll: Roll): ActiveRoll {
    checkRoll(roll);
    return { roll, phase: "forward", at: 0, left: [] };
}

/**
 * Where whoever drives a roll begins. Nobody knows for how long it lay, so what sends requests to `to`, or says that it serves, first makes sure again
 * that `to` is up to it. On the way back the step that had a problem is tried again.
 */
export function takeUpRoll(state: ActiveRoll): ActiveRoll {
    if (state.phase === "back") return withoutProblem(state);
    if (!needsMatch(stepOf(state))) return state;
    return { ...state, at: stepsOf(state).slice(0, state.at).findLastIndex(({ name }) => name === "match") };
}

/** The step that a roll is at. */
export function stepOf(state: ActiveRoll): Step {
    const step = stepsOf(state)[state.at];
    if (step === undefined) throw new ReleaseError(`roll ${state.roll.id} has no step ${state.at} on its way ${state.phase}`);
    return step;
}

/**
 * Takes one event into account. A failure on the way forward turns it back; on the way back it leaves the roll where it is, to be tried again.
 * What fails after the commit is left for a person: the new colour serves.
 */
export function advanceRoll(state: ActiveRoll, event: StopRequest): ActiveRoll;
export function advanceRoll(state: ActiveRoll, event: RollEvent): RollState;
export function advanceRoll(state: ActiveRoll, event: RollEvent): RollState {
    switch (event.type) {
        case "done":
            return next({ ...state, ...(event.deploymentId !== undefined && { deploymentId: event.deploymentId }) });
        case "failed":
            if (state.phase === "back") return { ...state, problem: event.reason };
            return isHousekeeping(stepOf(state)) ? next({ ...state, left: [...state.left, event.reason] }) : turnBack(state, { by: "failure", reason: event.reason });
        case "stopRequested":
            return canTurnBack(state) ? turnBack(state, { by: "person", reason: event.reason }) : state;
    }
}

/** Whether a person may still stop it. */
export function canTurnBack(state: ActiveRoll): boolean {
    return state.phase === "forward" && !isHousekeeping(stepOf(state));
}

/** Whether the way back is blocked: its step could not be carried out. */
export function isStuck(state: RollState): boolean {
    return state.phase === "back" && state.problem !== undefined;
}

/** All steps of the way that a roll is on. */
export function stepsOf({ phase, roll }: ActiveRoll): readonly Step[] {
    return phase === "forward" ? forwardSteps(roll) : backSteps(roll);
}

function next(state: ActiveRoll): RollState {
    const at = state.at + 1;
    if (at === stepsOf(state).length) return end(state);
    return state.phase === "forward" ? { ...state, at } : { ...withoutProblem(state), at };
}

function withoutProblem({ problem: _, ...state }: BackRoll): BackRoll {
    return state;
}

function turnBack({ roll, deploymentId, left }: ActiveRoll, cause: z.output<typeof back>["cause"]): BackRoll {
    return { roll, phase: "back", at: 0, cause, left, ...(deploymentId !== undefined && { deploymentId }) };
}

function end(state: ActiveRoll): EndedRoll {
    const { roll, deploymentId, left } = state;
    const common = { roll, left, phase: "ended" as const, ...(deploymentId !== undefined && { deploymentId }) };
    if (state.phase === "forward") return { ...common, outcome: "succeeded" };
    const { by, reason } = state.cause;
    return { ...common, outcome: by === "person" ? "stopped" : "rolledBack", reason };
}
