import { PlanError } from "../plan";
import { hookFailsOnce, neverHealthy, probeFails } from "./bad-green";
import { driverKilled } from "./driver-killed";
import type { ColourGround, Fault, RollingGround } from "./fault";
import type { FaultName } from "./fault-names";
import { greenDies } from "./green-dies";
import { operatorAborts } from "./operator-aborts";
import { previousImageGone } from "./previous-image-gone";
import { scaleOut } from "./scale-out";

/** Faults by the strategy that they happen to, in the order in which they are rehearsed: those that take longest come last. */
const catalogue = {
    rolling: [neverHealthy, probeFails] satisfies readonly Fault<RollingGround>[],
    blueGreen: [previousImageGone, neverHealthy, probeFails, hookFailsOnce, scaleOut, greenDies, driverKilled, operatorAborts] satisfies readonly Fault<ColourGround>[],
};

/**
 * The faults of a strategy that a person asks for.
 * @throws PlanError when the strategy has none of them
 */
export function chooseFaults<Strategy extends keyof typeof catalogue>(which: "all" | FaultName, strategy: Strategy): (typeof catalogue)[Strategy][number][] {
    const all: readonly (typeof catalogue)[Strategy][number][] = catalogue[strategy];
    const found = all.filter(({ name }) => which === "all" || name === which);
    if (found.length > 0) return found;
    const other = strategy === "rolling" ? "blueGreen" : "rolling";
    throw new PlanError(`The fault ${which} cannot be rehearsed with strategy ${strategy}. Add --strategy ${other}.`);
}
