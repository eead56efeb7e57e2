import { leastRollMinutes, mostBuildMinutes, type RollPace } from "../release/blue-green/roll-minutes";

/** What is wrong with a pace, for `check`. */
export function paceRules(pace: RollPace): (string | false)[] {
    return [
        leastRollMinutes(pace) > mostBuildMinutes &&
            `roll.shiftPercents and roll.bakeSeconds must leave a roll, with its way back, within ${mostBuildMinutes} minutes, got ${pace.shiftPercents.length} shares of ${pace.bakeSeconds} s, which need ${Math.ceil(leastRollMinutes(pace))}`,
    ];
}
