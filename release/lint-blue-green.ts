import { shiftProblem } from "./blue-green/roll";
import { read, type Relation } from "./relation";
import { alarmSeconds, blueGreenDefaults, type RolloutPlan } from "./rollout";

/** What must hold between the numbers of a release that is shifted from one colour to the other. */
export const blueGreenRelations: readonly Relation[] = [
    {
        severity: "error",
        of: "blueGreen",
        key: "shiftPercents",
        broken: plan => shiftProblem(shares(plan)) !== undefined,
        rule: plan => shiftProblem(shares(plan)) ?? "",
        fix: () => "set shiftPercents to [100], or to [10, 50, 100]",
    },
    {
        severity: "warning",
        of: "blueGreen",
        key: "bakeSeconds",
        // Without any, nobody wants to wait for alarms.
        broken: plan => read.bakeSeconds(plan) > 0 && read.bakeSeconds(plan) < alarmSeconds,
        rule: () => `should be at least ${alarmSeconds}: the alarm on answer times tells no sooner, since it wants two bad minutes and load balancers report late`,
        fix: () => `set bakeSeconds to ${alarmSeconds} or more, or to 0 if nothing shall be waited for`,
    },
    {
        severity: "warning",
        of: "blueGreen",
        key: "bakeSeconds",
        broken: plan => read.bakeSeconds(plan) === 0 && shares(plan).length > 1,
        rule: plan => `should not be 0 with ${shares(plan).length} shares: one follows the other before anybody has seen what became of it`,
        fix: () => `set bakeSeconds to ${alarmSeconds} or more, or shiftPercents to [100]`,
    },
    {
        severity: "warning",
        of: "blueGreen",
        key: "warmMinutes",
        broken: plan => 60 * read.warmMinutes(plan) < Math.max(alarmSeconds, read.bakeSeconds(plan)),
        rule: plan =>
            `should be at least ${leastWarmMinutes(plan)}: what is found after the last share, as alarms find it, ` +
            "takes a whole release to go back from when the hosts that served are gone",
        fix: plan => `set warmMinutes to ${leastWarmMinutes(plan)} or more`,
    },
];

function shares({ shiftPercents = blueGreenDefaults.shiftPercents }: RolloutPlan): readonly number[] {
    return shiftPercents;
}

function leastWarmMinutes(plan: RolloutPlan): number {
    return Math.ceil(Math.max(alarmSeconds, read.bakeSeconds(plan)) / 60);
}
