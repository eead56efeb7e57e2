import assert from "node:assert/strict";
import { bad, end, fleet, good, plan, play, rollback, stop, type Story, wave } from "./rolling-story";

describe("the rollback of a rolling release", () => {
    const stories: readonly Story[] = [
        [
            "stops when the first wave has brought the healthy hosts down to the minimum, and takes it back from all, failed ones first",
            plan(fleet("abcd")),
            [...bad("a", "b"), ...good("a", "b", "c", "d")],
            [
                wave(1, 1, "v2", "a", "b"),
                rollback("HEALTH_CONSTRAINTS: 2 must stay healthy; 0 of 4 hosts run v2; a: exit 1; b: exit 1"),
                wave(2, 1, "v1", "a", "b"),
                wave(2, 2, "v1", "c", "d"),
                end("rolledBack", "HEALTH_CONSTRAINTS: 2 must stay healthy; 0 of 4 hosts run v2; a: exit 1; b: exit 1"),
            ],
        ],
        [
            "stops at the second failure, with a host left that it has not touched",
            plan(fleet("abcd")),
            [...bad("a"), ...good("b"), ...bad("c"), ...good("a", "c", "d", "b")],
            [
                wave(1, 1, "v2", "a", "b"),
                wave(1, 2, "v2", "c"),
                rollback("HEALTH_CONSTRAINTS: 2 must stay healthy; 1 of 4 hosts run v2; a: exit 1; c: exit 1"),
                wave(2, 1, "v1", "a", "c"),
                wave(2, 2, "v1", "b", "d"),
                end("rolledBack", "HEALTH_CONSTRAINTS: 2 must stay healthy; 1 of 4 hosts run v2; a: exit 1; c: exit 1"),
            ],
        ],
        [
            "fails when there is no previous release",
            plan(fleet("ab"), { previous: undefined }),
            bad("a"),
            [
                wave(1, 1, "v2", "a"),
                end(
                    "failed",
                    "HEALTH_CONSTRAINTS: 1 must stay healthy; 0 of 2 hosts run v2; a: exit 1; there is no previous release to go back to",
                ),
            ],
        ],
        [
            "fails when the rollback fails too",
            plan(fleet("ab")),
            [...bad("a"), ...bad("a")],
            [
                wave(1, 1, "v2", "a"),
                rollback("HEALTH_CONSTRAINTS: 1 must stay healthy; 0 of 2 hosts run v2; a: exit 1"),
                wave(2, 1, "v1", "a"),
                end(
                    "failed",
                    "HEALTH_CONSTRAINTS: 1 must stay healthy; 0 of 2 hosts run v2; a: exit 1; the rollback failed too: " +
                        "HEALTH_CONSTRAINTS: 1 must stay healthy; 0 of 2 hosts run v1; a: exit 1",
                ),
            ],
        ],
        [
            "lets the wave under way finish when it is stopped, begins no other, and takes hosts that moved back first",
            plan(fleet("abcd")),
            [...good("a"), stop("alarm 5xx"), stop("again"), ...good("b", "a", "b", "c", "d")],
            [
                wave(1, 1, "v2", "a", "b"),
                rollback("alarm 5xx"),
                wave(2, 1, "v1", "a", "b"),
                wave(2, 2, "v1", "c", "d"),
                end("rolledBack", "alarm 5xx"),
            ],
        ],
        [
            "takes hosts back that had another release before, which it never came to, like those that it moved itself",
            plan([...fleet("ab"), ...fleet("cdef", { revision: "old" })], { minimumHealthyHosts: { type: "HOST_COUNT", value: 4 } }),
            [stop("alarm 5xx"), ...good("c", "d", "c", "d", "e", "f", "a", "b")],
            [
                wave(1, 1, "v2", "c", "d"),
                rollback("alarm 5xx"),
                wave(2, 1, "v1", "c", "d"),
                wave(2, 2, "v1", "e", "f"),
                wave(2, 3, "v1", "a", "b"),
                end("rolledBack", "alarm 5xx"),
            ],
        ],
        [
            "goes back when it is stopped in its last wave, though all hosts succeed",
            plan(fleet("ab")),
            [...good("a"), stop("Ctrl-C"), ...good("b", "a", "b")],
            [
                wave(1, 1, "v2", "a"),
                wave(1, 2, "v2", "b"),
                rollback("Ctrl-C"),
                wave(2, 1, "v1", "a"),
                wave(2, 2, "v1", "b"),
                end("rolledBack", "Ctrl-C"),
            ],
        ],
        [
            "fails when the rollback is stopped",
            plan(fleet("ab")),
            [stop("Ctrl-C"), ...good("a"), stop("Ctrl-C again"), ...good("a")],
            [
                wave(1, 1, "v2", "a"),
                rollback("Ctrl-C"),
                wave(2, 1, "v1", "a"),
                end("failed", "Ctrl-C; the rollback failed too: Ctrl-C again"),
            ],
        ],
        [
            "fails when a single host is stopped after its first release: it cannot be taken out again",
            plan(fleet("a", { healthy: false })),
            [stop("Ctrl-C"), ...good("a")],
            [
                wave(1, 1, "v2", "a"),
                rollback("Ctrl-C"),
                end(
                    "failed",
                    "Ctrl-C; the rollback failed too: " +
                        "HEALTH_CONSTRAINTS_INVALID: 1 of 1 hosts must stay healthy, so none may be taken out",
                ),
            ],
        ],
    ];
    for (const [what, start, events, actions] of stories) {
        it(what, () => {
            assert.deepEqual(play(start, events), actions);
        });
    }

    it("goes to the hosts that the fleet has by then: those that were launched meanwhile too, and none that are gone", () => {
        const events = [...good("a"), ...bad("b"), ...bad("c"), ...good("b", "c", "x", "d")];
        assert.deepEqual(play(plan(fleet("abcd")), events, ["x", "b", "c", "d"]).slice(2), [
            rollback("HEALTH_CONSTRAINTS: 2 must stay healthy; 1 of 4 hosts run v2; b: exit 1; c: exit 1"),
            wave(2, 1, "v1", "b", "c"),
            wave(2, 2, "v1", "x", "d"),
            end("rolledBack", "HEALTH_CONSTRAINTS: 2 must stay healthy; 1 of 4 hosts run v2; b: exit 1; c: exit 1"),
        ]);
    });

    it("counts the hosts by then for its own minimum", () => {
        const actions = play(plan(fleet("abcd")), [stop("alarm 5xx"), ...good("a", "b"), ...good("a", "c")], ["a", "c"]);
        assert.deepEqual(actions.slice(2), [wave(2, 1, "v1", "a"), wave(2, 2, "v1", "c"), end("rolledBack", "alarm 5xx")]);
    });

    it("takes what the failed deployment brought before what ran all the time, whatever their order in the fleet", () => {
        const actions = play(plan(fleet("abcd")), [stop("alarm 5xx"), ...good("a", "b")], ["d", "c", "b", "a"]);
        assert.deepEqual(actions.at(-1), wave(2, 1, "v1", "b", "a"));
    });
});
