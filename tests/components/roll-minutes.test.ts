import assert from "node:assert/strict";
import { fillSeconds, paceRules, rollMinutes, type RollPace } from "../../components/roll-minutes";
import { deadlineSeconds } from "../../release/blue-green/deadline";
import { type ActiveRoll, advanceRoll, beginRoll, type RollState, stepOf } from "../../release/blue-green/machine";

/** Seconds of a roll in which each step takes all of its time, and the one at `failsAt` then fails. */
function slowest(pace: RollPace, failsAt: number): number {
    let state: RollState = beginRoll({
        ...pace, id: "bg-1", kind: "deploy", version: "0123456789ab", from: "blue", to: "green", warmSeconds: 0, minSize: 2, begun: "2026-01-01T00:00:00Z",
    });
    let seconds = 0;
    for (let count = 0; state.phase !== "ended"; count++) {
        const active: ActiveRoll = state;
        seconds += deadlineSeconds(stepOf(active), active.roll);
        state = advanceRoll(active, count === failsAt ? { type: "failed", reason: "slow" } : { type: "done" });
    }
    return seconds;
}

describe("the minutes of a roll", () => {
    const paces: readonly RollPace[] = [{ shiftPercents: [100], bakeSeconds: 0 }, { shiftPercents: [100], bakeSeconds: 60 }, { shiftPercents: [10, 50, 100], bakeSeconds: 300 }];
    for (const pace of paces) {
        it(`are enough for the slowest, wherever it turns back: ${pace.shiftPercents.join(", ")} % and ${pace.bakeSeconds} s`, () => {
            const longest = Math.max(...Array.from({ length: 40 }, (_, failsAt) => slowest(pace, failsAt)));
            const minutes = rollMinutes(pace);
            assert.ok(minutes >= longest / 60 + 15, `${minutes} of ${longest / 60}`);
            assert.ok(minutes <= longest / 60 + 60, `${minutes} of ${longest / 60}`);
        });
    }

    it("grow with each share and with its bake", () => {
        const [one, baked, two] = [{ shiftPercents: [100], bakeSeconds: 0 }, { shiftPercents: [100], bakeSeconds: 600 }, { shiftPercents: [50, 100], bakeSeconds: 0 }].map(rollMinutes);
        assert.ok(one !== undefined && baked !== undefined && two !== undefined);
        assert.ok(baked >= one + 10 && two > one);
    });

    it("are no more than a build may take", () => {
        assert.equal(rollMinutes({ shiftPercents: [10, 20, 40, 60, 80, 100], bakeSeconds: 3600 }), 480);
    });

    it("are refused when the bakes alone take longer", () => {
        assert.deepEqual(paceRules({ shiftPercents: [10, 20, 30, 40, 50, 60, 100], bakeSeconds: 3600 }).filter(Boolean), []);
        assert.deepEqual(paceRules({ shiftPercents: [10, 20, 30, 40, 50, 60, 70, 100], bakeSeconds: 3600 }), [
            "roll.shiftPercents and roll.bakeSeconds must leave a roll within 480 minutes, got 8 shares of 3600 s",
        ]);
    });

    it("include those in which an idle colour gets its first healthy host", () => {
        assert.ok(fillSeconds() > 900 && fillSeconds() / 60 < rollMinutes({ shiftPercents: [100], bakeSeconds: 0 }));
    });
});
