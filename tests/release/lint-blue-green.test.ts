import assert from "node:assert/strict";
import { type Finding, lintPlan } from "../../release/lint";
import { oneAtATime } from "../../release/minimum-healthy-hosts";
import { defaults, type RolloutPlan } from "../../release/rollout";

const lint = (change: Partial<RolloutPlan>) => lintPlan({ ...defaults, strategy: "blueGreen", ...change });
const error = (key: string, rule: string, received: string, fix: string): Finding => ({ severity: "error", key, rule, received, fix });
const warning = (...finding: Parameters<typeof error>): Finding => ({ ...error(...finding), severity: "warning" });

describe("the plan linter, on blue/green,", () => {
    it("has nothing to say of the defaults, nor of numbers that are just right", () => {
        assert.deepEqual(lint({}), []);
        assert.deepEqual(lint({ shiftPercents: [10, 50, 100], bakeSeconds: 180, warmSeconds: 180 }), []);
        assert.deepEqual(lint({ bakeSeconds: 0, warmSeconds: 180 }), []);
        assert.deepEqual(lint({ bakeSeconds: 600, warmSeconds: 600 }), []);
    });

    const found: readonly [string, Partial<RolloutPlan>, Finding][] = [
        [
            "shares that do not end with all",
            { shiftPercents: [10, 50] },
            error("shiftPercents", "must be whole percents that grow and end with 100, such as 10, 50, 100", "[10,50]", "set shiftPercents to [100], or to [10, 50, 100]"),
        ],
        [
            "a bake that ends before alarms begin",
            { bakeSeconds: 179 },
            warning(
                "bakeSeconds",
                "should be at least 180: the alarm on answer times tells no sooner, since it wants two bad minutes and load balancers report late",
                "179", "set bakeSeconds to 180 or more, or to 0 if nothing shall be waited for",
            ),
        ],
        [
            "shares that nobody watches",
            { shiftPercents: [10, 100], bakeSeconds: 0 },
            warning(
                "bakeSeconds", "should not be 0 with 2 shares: one follows the other before anybody has seen what became of it",
                "0", "set bakeSeconds to 180 or more, or shiftPercents to [100]",
            ),
        ],
        [
            "hosts that are gone when the first alarm comes",
            { warmSeconds: 0 },
            warning(
                "warmMinutes",
                "should be at least 3: what is found after the last share, as alarms find it, takes a whole release to go back from when the hosts that served are gone",
                "0", "set warmMinutes to 3 or more",
            ),
        ],
        [
            "a warm time that is shorter than a bake",
            { bakeSeconds: 601, warmSeconds: 600 },
            warning(
                "warmMinutes",
                "should be at least 11: what is found after the last share, as alarms find it, takes a whole release to go back from when the hosts that served are gone",
                "10", "set warmMinutes to 11 or more",
            ),
        ],
        ["a colour that may not grow to its fewest", { minSize: 5 }, error("maxSize", "must be at least minSize (5)", "4", "set maxSize to 5 or more")],
        [
            "a drain that cuts the requests of a colour that ends",
            { drainSeconds: 19, longestRequestSeconds: 20 },
            error("drainSeconds", "must be at least longestRequestSeconds (20): its end cuts open requests", "19", "set drainSeconds to 20 or more"),
        ],
        [
            "connections that the service closes first",
            { idleTimeoutSeconds: 75 },
            error(
                "idleTimeoutSeconds",
                "must be below the 75 s that the service keeps an idle connection open, or now and then a request meets a closed connection and gets 502",
                "75", "set idleTimeoutSeconds to 74 or less",
            ),
        ],
    ];
    for (const [what, change, finding] of found) {
        it(`finds ${what}`, () => {
            assert.deepEqual(lint(change), [finding]);
        });
    }

    it("knows no waves: one instance is enough, and no minimum is too high or too low", () => {
        for (const value of [0, 95, 100]) assert.deepEqual(lint({ minSize: 1, minimumHealthyHosts: { type: "FLEET_PERCENT", value } }), []);
        assert.deepEqual(lint({ minSize: 600, maxSize: 600, minimumHealthyHosts: oneAtATime }), []);
        assert.deepEqual(lint({ zones: 2, minimumHealthyHosts: oneAtATime }), []);
    });

    it("says nothing of shares, bakes and warm hosts where a release rolls", () => {
        assert.deepEqual(lint({ strategy: "rolling", shiftPercents: [10], bakeSeconds: 1, warmSeconds: 0 }), []);
        assert.deepEqual(lintPlan({ ...defaults, bakeSeconds: 1 }), []);
    });
});
