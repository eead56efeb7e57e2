import assert from "node:assert/strict";
import { paceRules } from "../../components/roll-minutes";
import { fillSeconds, rollMinutes, type RollPace } from "../../release/blue-green/roll-minutes";
import { deadlineSeconds } from "../../release/blue-green/deadline";
import { type ActiveRoll, advanceRoll, beginRoll, type RollState, stepOf } from "../../release/blue-green/machine";

const mostMinutes = 480;

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

/** Seconds of a way back alone: of a roll that fails at its first step, without that. */
function wayBack(): number {
    const pace = { shiftPercents: [100], bakeSeconds: 0 };
    return slowest(pace, 0) - deadlineSeconds({ name: "detach" }, beginRollOf(pace));
}

function beginRollOf(pace: RollPace) {
    return beginRoll({ ...pace, id: "bg-1", kind: "deploy", version: "0123456789ab", from: "blue", to: "green", warmSeconds: 0, minSize: 2, begun: "2026-01-01T00:00:00Z" }).roll;
}

describe("the minutes of a roll", () => {
    const paces: readonly RollPace[] = [{ shiftPercents: [100], bakeSeconds: 0 }, { shiftPercents: [100], bakeSeconds: 120 }, { shiftPercents: [10, 50, 100], bakeSeconds: 300 }];
    for (const pace of paces) {
        it(`are enough for the slowest, after an hour's wait and somebody else's way back, or all that a build gets: ${pace.shiftPercents.join(", ")} % and ${pace.bakeSeconds} s`, () => {
            const longest = Math.max(...Array.from({ length: 40 }, (_, failsAt) => slowest(pace, failsAt)));
            const wanted = 15 + 60 + (wayBack() + longest) / 60;
            const minutes = rollMinutes(pace);
            assert.ok(minutes >= Math.min(wanted, mostMinutes), `${minutes} of ${wanted}`);
            assert.ok(minutes <= wanted + 60, `${minutes} of ${wanted}`);
        });
    }

    it("grow with each share and with its bake, up to what a build may take", () => {
        const of = (shiftPercents: readonly number[], bakeSeconds: number) => rollMinutes({ shiftPercents, bakeSeconds });
        assert.equal(of([100], 60), of([100], 0) + 3);
        assert.equal(of([100], 0) < mostMinutes, true);
        assert.equal(of([10, 20, 40, 60, 80, 100], 3600), mostMinutes);
    });

    it("are refused when filling, the bakes and one way back take longer, or the build would be cut off on that way", () => {
        const longest = Math.floor((mostMinutes - 15 - (fillSeconds() + wayBack()) / 60) * 60);
        assert.deepEqual(paceRules({ shiftPercents: [100], bakeSeconds: longest }).filter(Boolean), []);
        assert.deepEqual(paceRules({ shiftPercents: [100], bakeSeconds: longest + 1 }), [
            `roll.shiftPercents and roll.bakeSeconds must leave a roll, with its way back, within 480 minutes, got 1 shares of ${longest + 1} s, which need 481`,
        ]);
        assert.equal(paceRules({ shiftPercents: [50, 100], bakeSeconds: longest / 2 + 1 }).filter(Boolean).length, 1);
    });

    it("include those in which an idle colour gets its first healthy host", () => {
        assert.ok(fillSeconds() > 900 && fillSeconds() / 60 < rollMinutes({ shiftPercents: [100], bakeSeconds: 0 }));
    });
});
