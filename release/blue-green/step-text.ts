import { type ActiveRoll, type RollState, stepOf, stepsOf } from "./machine";
import type { Roll } from "./roll";
import type { Step, StepName } from "./step";

/** What a step does, as a line of progress: `sending 10 % of the requests to green`. */
export function describeStep(step: Step, { roll, deploymentId }: Pick<ActiveRoll, "roll" | "deploymentId">): string {
    switch (step.name) {
        case "install":
            return `installing ${roll.version} on ${roll.to}${deploymentId === undefined ? "" : ` (${deploymentId})`}`;
        case "shift":
            return `sending ${step.percent === 100 ? "all requests" : `${step.percent} % of the requests`} to ${roll.to}`;
        case "bake":
            return `watching ${roll.to} for ${roll.bakeSeconds} s, with ${step.percent === 100 ? "all requests" : `${step.percent} % of the requests`}`;
        case "retire":
            return roll.warmSeconds > 0 ? `keeping ${roll.from} warm for ${minutes(roll.warmSeconds)}` : `taking away the instances of ${roll.from}`;
        default:
            return texts[step.name](roll);
    }
}

/** Where a roll stands, as a line of a status: `step 5 of 12: installing v2 on green`. */
export function describeRollState(state: RollState): string {
    if (state.phase === "ended") return describeEnd(state);
    const step = `step ${state.at + 1} of ${stepsOf(state).length}`;
    const text = describeStep(stepOf(state), state);
    if (state.phase === "forward") return `${step}: ${text}`;
    const way = `going back to ${state.roll.from} because ${becauseOf(state.cause)}`;
    return state.problem === undefined ? `${way}; ${step}: ${text}` : `${way}; stuck at ${step}, ${text}: ${state.problem}`;
}

const texts: Readonly<Record<Exclude<StepName, "install" | "shift" | "bake" | "retire">, (roll: Roll) => string>> = {
    detach: ({ to }) => `taking ${to} out of its deployment group, so that it grows without its last release`,
    grow: ({ from, to }) => `giving ${to} as many instances as ${from} has`,
    boot: ({ to }) => `waiting until the instances of ${to} have booted`,
    attach: ({ to }) => `putting ${to} back into its deployment group`,
    healthy: ({ to }) => `waiting until all targets of ${to} are healthy`,
    probe: ({ to }) => `trying a route of ${to}`,
    disarm: ({ to }) => `taking back the end of ${to}`,
    match: ({ from, to }) => `matching ${to} with what ${from} has now`,
    commit: ({ to }) => `writing down that ${to} serves`,
    settle: ({ to }) => `letting ${to} shrink again`,
    restore: ({ from }) => `sending all requests to ${from}`,
    uncommit: ({ from }) => `writing down that ${from} serves`,
    stop: ({ to }) => `stopping what CodeDeploy does on ${to}`,
    shrink: ({ to }) => `taking away the instances of ${to}`,
    rearm: ({ to }) => `arming the end of ${to} again`,
    release: ({ from }) => `letting ${from} shrink again`,
};

function describeEnd({ roll, outcome, reason, left }: Extract<RollState, { readonly phase: "ended" }>): string {
    const why = reason === undefined ? "" : `: ${reason}`;
    const tail = left.length === 0 ? "" : `; left to tidy up: ${left.join("; ")}`;
    switch (outcome) {
        case "succeeded":
            return `${roll.to} serves ${roll.version}${tail}`;
        case "rolledBack":
            return `went back, ${roll.from} serves as before${why}${tail}`;
        case "stopped":
            return `stopped, ${roll.from} serves as before${why}${tail}`;
    }
}

function becauseOf({ by, reason }: { readonly by: "failure" | "person"; readonly reason: string }): string {
    return by === "person" ? `a person stopped it (${reason})` : `it failed (${reason})`;
}

function minutes(seconds: number): string {
    return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}
