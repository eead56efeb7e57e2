import { hookFailsOnce, neverHealthy, probeFails } from "./bad-green";
import { driverKilled } from "./driver-killed";
import type { Fault } from "./fault";
import { greenDies } from "./green-dies";
import { operatorAborts } from "./operator-aborts";
import { previousImageGone } from "./previous-image-gone";
import { scaleOut } from "./scale-out";

/** Faults by the strategy that they happen to. */
export const faults: Readonly<Record<"rolling" | "blueGreen", readonly Fault[]>> = {
    rolling: [],
    blueGreen: [previousImageGone, neverHealthy, probeFails, hookFailsOnce, scaleOut, greenDies, driverKilled, operatorAborts],
};

/** Everything that `--fault` and `--faults` may be asked for. */
export const faultNames: readonly string[] = [...new Set(Object.values(faults).flat().map(({ name }) => name))];
