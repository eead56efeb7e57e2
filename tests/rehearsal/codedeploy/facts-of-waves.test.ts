import assert from "node:assert/strict";
import type { Host } from "../../../release/deployment";
import { parseMinimumHealthyHosts } from "../../../release/minimum-healthy-hosts";
import { advanceRolling, beginRolling, type RollingAction } from "../../../release/rolling";

/**
 * A fact; the fleet (`a` serves, `b:old` another release than the last success, `c:unknown`, `d:unhealthy`); the minimum; what is reported
 * (`a+` it succeeded, `a-` it failed, `!` somebody stops it); what follows: waves, `<<` a rollback, and the end.
 */
type Fact = readonly [fact: string, fleet: string, minimum: string, reported: string, follows: string];

const ten = "a b c d e f g h i j";

const facts: readonly Fact[] = [
    ["a percentage is rounded up: half of 5 are 3, so 2 go at a time", "a b c d e", "HalfAtATime", "a+ b+ c+ d+ e+", "ab cd e succeeded"],
    ["as many go at once as the minimum leaves: 10 less 8 are 2", ten, "8", "a+ b+ c+ d+ e+ f+ g+ h+ i+ j+", "ab cd ef gh ij succeeded"],
    ["with a minimum of 0 all go at once", "a b c", "0", "a+ b+ c+", "abc succeeded"],
    ["a minimum equal to the fleet fails at once: 95 % of 10 are 10", ten, "95%", "", "failed"],
    ["half of a single host is that host, so it fails at once", "a", "HalfAtATime", "", "failed"],
    ["one at a time takes even a single host out", "a", "OneAtATime", "a+", "a succeeded"],
    ["one host must succeed even with a minimum of 0", "a b", "0", "a- b-", "ab << ab"],
    ["with a minimum of 0 one success of many is a success", "a b c", "0", "a- b+ c-", "abc succeeded"],
    ["hosts go in the order unhealthy, unknown revision, old, current", "a b:old c:unknown d:unhealthy", "3", "d+ c+ b+ a+", "d c b a succeeded"],
    ["unhealthy hosts go first and by themselves, and only then the minimum counts", "a b c:unhealthy d:unhealthy", "HalfAtATime", "c+ d+ a+ b+", "cd ab succeeded"],
    ["it stops when the healthy hosts fall to the minimum", "a b c d", "HalfAtATime", "a- b- a+ b+ c+ d+", "ab << ab cd rolledBack"],
    ["with a minimum of 8 of 10 the second failure ends it", ten, "8", "a- b+ c-", "ab c << ac"],
    ["with a minimum of 8 of 10 it succeeds when the last host is the second to fail", ten, "8", "a- b+ c+ d+ e+ f+ g+ h+ i+ j-", "ab c d e f g h i j succeeded"],
    ["one at a time ends at the first failure", "a b c", "OneAtATime", "a+ b- b+ a+ c+", "a b << b a c rolledBack"],
    ["one at a time succeeds even if the last host fails", "a b c", "OneAtATime", "a+ b+ c-", "a b c succeeded"],
    ["half at a time succeeds with half of the hosts, rounded up", "a b c d e", "HalfAtATime", "a+ b+ c+ d- e-", "ab cd e succeeded"],
    ["half at a time does not succeed with one less", "a b c d e", "HalfAtATime", "a+ b+ c- d-", "ab cd << cd"],
    ["a group that begins below its minimum is not reduced further", "a b:unhealthy c:unhealthy d:unhealthy", "HalfAtATime", "b+ c- d- c+ d+ b+ a+", "bcd << cd ba rolledBack"],
    ["the first deployment finds no healthy host and takes all at once", "a:unhealthy b:unhealthy", "HalfAtATime", "a+ b+", "ab succeeded"],
    ["a wave is a barrier in this model: the next begins when all have reported", "a b c d", "HalfAtATime", "b+", "ab"],
    ["a rollback takes all hosts, those that failed first, then those that were changed", "a b c d", "HalfAtATime", "a- b+ c- a+ c+ b+ d+", "ab c << ac bd rolledBack"],
    ["a stop lets the wave under way end in this model, and rolls back", "a b c d", "HalfAtATime", "! a+ b+ a+ b+ c+ d+", "ab << ab cd rolledBack"],
];

describe("What CodeDeploy is known to do with a fleet", () => {
    for (const [fact, fleet, minimum, reported, follows] of facts) {
        it(fact, () => { assert.equal(play(fleet, minimum, reported), follows); });
    }
});

function play(fleet: string, minimum: string, reported: string): string {
    const minimumHealthyHosts = parseMinimumHealthyHosts(minimum);
    assert.ok(minimumHealthyHosts);
    let { state, actions } = beginRolling({ hosts: fleet.split(" ").map(hostOf), minimumHealthyHosts, target: "v2", previous: "v1", rollBackOnFailure: true });
    const told = [...actions];
    for (const report of reported.split(" ").filter(Boolean)) {
        const host = report.charAt(0);
        ({ state, actions } = advanceRolling(state, report === "!" ? { type: "stopRequested", reason: "a person" }
            : report.endsWith("+") ? { type: "hostSucceeded", host } : { type: "hostFailed", host, reason: "exit 1" }));
        told.push(...actions);
    }
    return told.map(inShort).join(" ");
}

function hostOf(text: string): Host {
    const [id = "", state = "current"] = text.split(":");
    if (state === "unhealthy") return { id, healthy: false, revision: "unknown" };
    return { id, healthy: true, revision: state as Host["revision"] };
}

function inShort(action: RollingAction): string {
    if (action.type === "startWave") return action.hosts.join("");
    return action.type === "startRollback" ? "<<" : action.outcome;
}
