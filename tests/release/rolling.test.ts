import assert from "node:assert/strict";
import { ReleaseError } from "../../release/error";
import { advanceRolling, beginRolling, type RollingEvent } from "../../release/rolling";
import { bad, end, fleet, good, plan, play, stop, type Story, wave } from "./rolling-story";

describe("a rolling release", () => {
    const stories: readonly Story[] = [
        [
            "takes half of the hosts at a time, each wave after all of the last one have reported",
            plan(fleet("abcd")),
            good("b", "a", "c", "d"),
            [wave(1, 1, "v2", "a", "b"), wave(1, 2, "v2", "c", "d"), end("succeeded", "4 of 4 hosts run v2")],
        ],
        [
            "takes 5 hosts in waves of 2, 2 and 1",
            plan(fleet("abcde")),
            good("a", "b", "c", "d", "e"),
            [
                wave(1, 1, "v2", "a", "b"),
                wave(1, 2, "v2", "c", "d"),
                wave(1, 3, "v2", "e"),
                end("succeeded", "5 of 5 hosts run v2"),
            ],
        ],
        [
            "takes unhealthy hosts first, then those of unknown revision, then old ones, then those that are current",
            plan([
                ...fleet("a"),
                ...fleet("b", { revision: "old" }),
                ...fleet("c", { revision: "unknown" }),
                ...fleet("d", { healthy: false }),
            ]),
            good("d", "c", "b", "a"),
            [wave(1, 1, "v2", "d"), wave(1, 2, "v2", "c", "b"), wave(1, 3, "v2", "a"), end("succeeded", "4 of 4 hosts run v2")],
        ],
        [
            "stops when all unhealthy hosts fail again and no more than the minimum are healthy",
            plan([...fleet("ab"), ...fleet("cd", { healthy: false, revision: "unknown" })], { rollBackOnFailure: false }),
            bad("c", "d"),
            [wave(1, 1, "v2", "c", "d"), end("failed", "HEALTH_CONSTRAINTS: 2 must stay healthy; 0 of 4 hosts run v2; c: exit 1; d: exit 1")],
        ],
        [
            "goes on one by one when one of two has failed, and succeeds although it did",
            plan(fleet("abcd")),
            [...bad("a"), ...good("b", "c", "d")],
            [
                wave(1, 1, "v2", "a", "b"),
                wave(1, 2, "v2", "c"),
                wave(1, 3, "v2", "d"),
                end("succeeded", "3 of 4 hosts run v2; a: exit 1"),
            ],
        ],
        [
            "succeeds with half of the hosts when the failures come last",
            plan(fleet("abcd")),
            [...good("a", "b"), ...bad("c", "d")],
            [
                wave(1, 1, "v2", "a", "b"),
                wave(1, 2, "v2", "c", "d"),
                end("succeeded", "2 of 4 hosts run v2; c: exit 1; d: exit 1"),
            ],
        ],
        [
            "one at a time ends at the first failure",
            plan(fleet("abc"), { minimumHealthyHosts: { type: "HOST_COUNT", value: 2 }, rollBackOnFailure: false }),
            bad("a"),
            [
                wave(1, 1, "v2", "a"),
                end("failed", "HEALTH_CONSTRAINTS: 2 must stay healthy; 0 of 3 hosts run v2; a: exit 1"),
            ],
        ],
        [
            "one at a time succeeds when only the last host fails",
            plan(fleet("abc"), { minimumHealthyHosts: { type: "HOST_COUNT", value: 2 } }),
            [...good("a", "b"), ...bad("c")],
            [
                wave(1, 1, "v2", "a"),
                wave(1, 2, "v2", "b"),
                wave(1, 3, "v2", "c"),
                end("succeeded", "2 of 3 hosts run v2; c: exit 1"),
            ],
        ],
        [
            "needs one success even when no host must stay healthy",
            plan(fleet("ab"), { minimumHealthyHosts: { type: "HOST_COUNT", value: 0 }, rollBackOnFailure: false }),
            bad("a", "b"),
            [
                wave(1, 1, "v2", "a", "b"),
                end("failed", "HEALTH_CONSTRAINTS: 0 must stay healthy; 0 of 2 hosts run v2; a: exit 1; b: exit 1"),
            ],
        ],
        [
            "is refused, and nothing taken back, when all hosts must stay healthy",
            plan(fleet("a")),
            [],
            [end("failed", "HEALTH_CONSTRAINTS_INVALID: 1 of 1 hosts must stay healthy, so none may be taken out")],
        ],
        [
            "is refused when more hosts must stay healthy than there are, even at the first deployment",
            plan(fleet("ab", { healthy: false }), { minimumHealthyHosts: { type: "HOST_COUNT", value: 3 } }),
            [],
            [end("failed", "HEALTH_CONSTRAINTS_INVALID: 3 of 2 hosts must stay healthy, so none may be taken out")],
        ],
        [
            "is refused without hosts",
            plan([]),
            [],
            [end("failed", "NO_INSTANCES: there is no host to deploy to")],
        ],
        [
            "goes to all hosts at once when none is healthy, as at the first deployment",
            plan(fleet("abcd", { healthy: false, revision: "unknown" }), { previous: undefined }),
            good("a", "b", "c", "d"),
            [wave(1, 1, "v2", "a", "b", "c", "d"), end("succeeded", "4 of 4 hosts run v2")],
        ],
        [
            "reaches a single host that is not healthy yet",
            plan(fleet("a", { healthy: false, revision: "unknown" }), { previous: undefined }),
            good("a"),
            [wave(1, 1, "v2", "a"), end("succeeded", "1 of 1 hosts run v2")],
        ],
        [
            "does not reduce a fleet that begins below its minimum",
            plan([...fleet("a"), ...fleet("bcd", { healthy: false })]),
            good("b", "c", "d", "a"),
            [wave(1, 1, "v2", "b", "c", "d"), wave(1, 2, "v2", "a"), end("succeeded", "4 of 4 hosts run v2")],
        ],
    ];
    for (const [what, start, events, actions] of stories) {
        it(what, () => {
            assert.deepEqual(play(start, events), actions);
        });
    }

    const impossible: readonly [string, readonly RollingEvent[], string][] = [
        ["a host that it does not know", good("x"), "host 'x' is not part of deployment 1"],
        ["a host whose wave has not begun", good("c"), "host 'c' reported before its wave of deployment 1 began"],
        ["a second report of a host", [...good("a"), ...bad("a")], "host 'a' has already reported to deployment 1"],
        ["a report after the end", good("a", "b", "c", "d", "a"), "the rollout has ended, so 'hostSucceeded' cannot happen"],
        ["a stop after the end", [...good("a", "b", "c", "d"), stop("late")], "the rollout has ended, so 'stopRequested' cannot happen"],
    ];
    for (const [what, events, message] of impossible) {
        it(`refuses ${what}`, () => {
            assert.throws(() => play(plan(fleet("abcd")), events), new ReleaseError(message));
        });
    }

    it("refuses a host that is listed twice", () => {
        assert.throws(() => beginRolling(plan(fleet("aba"))), new ReleaseError("host 'a' is listed twice"));
    });

    it("leaves the state that it is given as it was", () => {
        const { state } = beginRolling(plan(fleet("ab")));
        const before = structuredClone(state);
        advanceRolling(state, { type: "hostSucceeded", host: "a" });
        assert.deepEqual(state, before);
    });
});
