import assert from "node:assert/strict";
import type { Roll } from "../../../release/blue-green/roll";
import { backSteps, forwardSteps, isHousekeeping, needsMatch, type Step } from "../../../release/blue-green/step";
import { sampleFlip, sampleRoll } from "./sample-roll";

const words = (steps: readonly Step[]) => steps.map(step => ("percent" in step ? `${step.name} ${step.percent}` : step.name)).join(", ");

// A roll's place among its steps is written down as a number. Whoever changes these lists gives the document a new `schemaVersion`.
describe("the steps of a roll", () => {
    const ways: readonly (readonly [string, Roll, string, string])[] = [
        [
            "fill the idle colour and match it while it still has its end, then send it all requests",
            sampleRoll,
            "detach, grow, boot, attach, install, healthy, probe, match, disarm, match, shift 100, bake 100, commit, settle, retire",
            "restore, uncommit, stop, shrink, attach, release",
        ],
        [
            "match the colours again before each share",
            { ...sampleRoll, shiftPercents: [10, 50, 100] },
            "detach, grow, boot, attach, install, healthy, probe, match, disarm, match, shift 10, bake 10, match, shift 50, bake 50, match, shift 100, bake 100, " +
            "commit, settle, retire",
            "restore, uncommit, stop, shrink, attach, release",
        ],
        [
            "do not bake for no time",
            { ...sampleRoll, shiftPercents: [10, 100], bakeSeconds: 0 },
            "detach, grow, boot, attach, install, healthy, probe, match, disarm, match, shift 10, match, shift 100, commit, settle, retire",
            "restore, uncommit, stop, shrink, attach, release",
        ],
        [
            "take a warm colour as it stands, and arm its end again on the way back",
            sampleFlip,
            "disarm, match, shift 100, bake 100, commit, settle, retire",
            "restore, uncommit, rearm, release",
        ],
    ];
    for (const [what, roll, forward, back] of ways) {
        it(what, () => {
            assert.equal(words(forwardSteps(roll)), forward);
            assert.equal(words(backSteps(roll)), back);
        });
    }

    const names = forwardSteps(sampleRoll);
    it("close the way back once it is written down who serves", () => {
        assert.equal(words(names.filter(isHousekeeping)), "settle, retire");
    });

    it("are right only just after a match when they send requests, watch them, or write down who serves", () => {
        assert.equal(words(names.filter(needsMatch)), "shift 100, bake 100, commit");
    });
});
