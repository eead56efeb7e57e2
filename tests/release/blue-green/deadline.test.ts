import assert from "node:assert/strict";
import { abandonedSeconds, deadlineSeconds } from "../../../release/blue-green/deadline";
import { backSteps, forwardSteps } from "../../../release/blue-green/step";
import { sampleFlip, sampleRoll } from "./sample-roll";

describe("the deadline of a step", () => {
    it("leaves each the time that AWS may take for it", () => {
        const steps = [...forwardSteps(sampleRoll), ...backSteps(sampleRoll), ...backSteps(sampleFlip)];
        assert.deepEqual(Object.fromEntries(steps.map(step => [step.name, deadlineSeconds(step, sampleRoll)])), {
            detach: 120, grow: 120, boot: 570, attach: 120, install: 3090, healthy: 300, probe: 120, disarm: 120, match: 2115, shift: 120, bake: 180,
            commit: 120, settle: 120, retire: 120, restore: 900, uncommit: 900, stop: 1245, shrink: 3900, rearm: 120, release: 120,
        });
    });

    it("of a bake is as long as the bake, and a while", () => {
        assert.equal(deadlineSeconds({ name: "bake", percent: 10 }, { ...sampleRoll, bakeSeconds: 3600 }), 3720);
    });

    it("lets a roll that is driven have its instances for as long as they have no requests", () => {
        const steps = forwardSteps(sampleRoll);
        const unarmed = steps.slice(steps.findIndex(({ name }) => name === "grow"), steps.findIndex(({ name }) => name === "disarm") + 1);
        const longest = unarmed.reduce((sum, step) => sum + deadlineSeconds(step, sampleRoll), 0);
        assert.ok(longest < abandonedSeconds, `${longest} s of ${abandonedSeconds}`);
    });
});
