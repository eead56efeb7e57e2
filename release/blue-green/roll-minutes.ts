import { deadlineSeconds } from "./deadline";
import type { Roll } from "./roll";
import { backSteps, forwardSteps, type Step } from "./step";

/** The settings that decide how long a roll may take. */
export type RollPace = Pick<Roll, "shiftPercents" | "bakeSeconds">;

/**
 * Most minutes that a build gets. CodeBuild itself takes 36 hours by now, but how long CodePipeline waits for it is not clear from AWS's pages; for years
 * it was 8 hours.
 */
export const mostBuildMinutes = 8 * 60;

/** Minutes for the build to begin, and for the driver to fetch what it needs and to write down what came of the roll. */
const marginMinutes = 15;
/** Minutes for which a command waits by default for the stage's lock and for others at work. */
const waitMinutes = 60;

/**
 * Minutes after which nobody can be driving a roll any more: it waits for others, perhaps takes back first what somebody has left, and its steps have
 * deadlines of their own, which add up to the whole way forward and then the whole way back. A stack's pipeline gives as much to the build that drives.
 */
export function rollMinutes(pace: RollPace): number {
    const roll = rollOf(pace);
    const steps = [...backSteps(roll), ...forwardSteps(roll), ...backSteps(roll)];
    return Math.min(marginMinutes + waitMinutes + Math.ceil(secondsOf(steps, roll) / 60), mostBuildMinutes);
}

/** Minutes without which a roll may be cut off on its way back, with a build's beginning and end: it fills the idle colour, watches every share, and turns back. */
export function leastRollMinutes(pace: RollPace): number {
    const roll = rollOf(pace);
    const bakes = pace.shiftPercents.length * pace.bakeSeconds;
    return marginMinutes + (fillSeconds() + bakes + secondsOf(backSteps(roll), roll)) / 60;
}

/** Seconds from the moment in which the idle colour is to have instances until the last of them has the release and is found healthy. */
export function fillSeconds(): number {
    return secondsOf([{ name: "boot" }, { name: "attach" }, { name: "install" }, { name: "healthy" }], rollOf({ shiftPercents: [100], bakeSeconds: 0 }));
}

function rollOf(pace: RollPace): Roll {
    return { ...pace, id: "", kind: "deploy", version: "", from: "blue", to: "green", warmSeconds: 0, minSize: 0, begun: "" };
}

function secondsOf(steps: readonly Step[], roll: Roll): number {
    return steps.reduce((sum, step) => sum + deadlineSeconds(step, roll), 0);
}
