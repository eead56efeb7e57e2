import { PlanError } from "../plan";
import { alarmBlocks } from "./alarm-blocks";
import { alarmFires } from "./alarm-fires";
import { driverKilled } from "./driver-killed";
import { failsUnprobed } from "./fails-unprobed";
import type { ColourGround, Fault, RollingGround } from "./fault";
import type { FaultName } from "./fault-names";
import { faultsOfReleases } from "./faults-of-releases";
import { faultsOfServices } from "./faults-of-services";
import { greenDies } from "./green-dies";
import { halfOfAWaveFails } from "./half-of-a-wave-fails";
import { hookFailsOnce, hookFailsOnceInAWave } from "./hook-fails-once";
import { operatorAborts } from "./operator-aborts";
import { operatorStops } from "./operator-stops";
import { previousImageGone } from "./previous-image-gone";
import { probeFails, probeFailsOnHost } from "./probe-fails";
import { rollbackImageGone } from "./rollback-image-gone";
import { scaleInColours } from "./scale-in-colours";
import { scaleInFleet } from "./scale-in-fleet";
import { scaleOut } from "./scale-out";
import { scaleOutFleet } from "./scale-out-fleet";

/** Faults by the strategy that they happen to, in the order in which they are rehearsed: those that take longest come last. */
const catalogue = {
    rolling: [
        hookFailsOnceInAWave, halfOfAWaveFails, probeFailsOnHost, rollbackImageGone, alarmBlocks, alarmFires, scaleOutFleet, scaleInFleet, operatorStops, ...faultsOfReleases, ...faultsOfServices,
    ] satisfies readonly Fault<RollingGround>[],
    blueGreen: [
        previousImageGone, probeFails, hookFailsOnce, scaleOut, scaleInColours, failsUnprobed, greenDies, ...faultsOfReleases, ...faultsOfServices, driverKilled, operatorAborts,
    ] satisfies readonly Fault<ColourGround>[],
};

/**
 * The faults of a strategy that a person asks for, in the catalogue's order.
 * @throws PlanError when the strategy lacks one of them
 */
export function chooseFaults<Strategy extends keyof typeof catalogue>(which: "all" | readonly FaultName[], strategy: Strategy): (typeof catalogue)[Strategy][number][] {
    const all: readonly (typeof catalogue)[Strategy][number][] = catalogue[strategy];
    if (which === "all") return [...all];
    const lacking = which.find(wanted => !all.some(({ name }) => name === wanted));
    if (lacking === undefined) return all.filter(({ name }) => which.includes(name));
    const other = strategy === "rolling" ? "blueGreen" : "rolling";
    throw new PlanError(`The fault ${lacking} cannot be rehearsed with strategy ${strategy}. ${which.length > 1 ? `Rehearse it apart, with --strategy ${other}` : `Add --strategy ${other}`}.`);
}
