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

/**
 * Minutes after which nobody can be driving a roll any more: its steps have deadlines of their own, which add up to the whole way forward and then
 * the whole way back. A stack's pipeline gives as much to the build that drives.
 */
export function rollMinutes(pace: RollPace): number {
    const roll = rollOf(pace);
    return Math.min(marginMinutes + Math.ceil(secondsOf([...forwardSteps(roll), ...backSteps(roll)], roll) / 60), mostBuildMinutes);
}

/** Minutes that a roll takes at the least, with a build's beginning and end: what it watches, however fast all else is. */
export function leastRollMinutes({ shiftPercents, bakeSeconds }: RollPace): number {
    return marginMinutes + (shiftPercents.length * bakeSeconds) / 60;
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
