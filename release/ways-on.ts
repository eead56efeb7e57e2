import { type ActiveRoll, canTurnBack } from "./blue-green/machine";
import type { Roll } from "./blue-green/roll";

/** The command that goes on with a roll that was left. */
export function goOnCommand({ kind, version }: Pick<Roll, "kind" | "version">, stack: string): string {
    return kind === "flip" ? `./gapless flip ${stack}` : `./gapless roll ${stack} ${version}`;
}

/** What a person may do about a roll that was left. One that is on its way back, or whose release serves already, can only be finished. */
export function waysOn(left: ActiveRoll, stack: string): string {
    return canTurnBack(left)
        ? `Go back to what served: ./gapless abort ${stack}. Go on with it: ${goOnCommand(left.roll, stack)}.`
        : `Finish ${left.phase === "back" ? "its way back" : "it"}: ./gapless abort ${stack}.`;
}
