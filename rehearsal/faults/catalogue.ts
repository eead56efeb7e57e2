import { PlanError } from "../plan";
import { hookFailsOnce, neverHealthy, probeFails } from "./bad-green";
import { driverKilled } from "./driver-killed";
import type { Fault } from "./fault";
import type { FaultName } from "./fault-names";
import { greenDies } from "./green-dies";
import { operatorAborts } from "./operator-aborts";
import { previousImageGone } from "./previous-image-gone";
import { scaleOut } from "./scale-out";

/** Faults by the strategy that they happen to, in the order in which they are rehearsed: those that take longest come last. */
const catalogue: Readonly<Record<"rolling" | "blueGreen", readonly Fault[]>> = {
    rolling: [],
    blueGreen: [previousImageGone, neverHealthy, probeFails, hookFailsOnce, scaleOut, greenDies, driverKilled, operatorAborts],
};

/**
 * The faults that a person asks for.
 * @throws PlanError when the strategy has none of them
 */
export function chooseFaults(which: "all" | FaultName, strategy: "rolling" | "blueGreen"): readonly Fault[] {
    const found = catalogue[strategy].filter(({ name }) => which === "all" || name === which);
    if (found.length > 0) return found;
    const asked = which === "all" ? "Faults" : `The fault ${which}`;
    throw new PlanError(`${asked} cannot be rehearsed with strategy ${strategy}, which knows none. Add --strategy blueGreen.`);
}
