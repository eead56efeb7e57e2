import assert from "node:assert/strict";
import { type ActiveRoll, advanceRoll, beginRoll, type RollState, stepOf, stepsOf } from "../../../release/blue-green/machine";
import { describeRollState, describeStep } from "../../../release/blue-green/step-text";
import { sampleFlip, sampleRoll } from "./sample-roll";

const gradual = { ...sampleRoll, shiftPercents: [10, 100] };
const lines = (state: ActiveRoll) => stepsOf(state).map(step => describeStep(step, state));
const back: ActiveRoll = { roll: sampleRoll, phase: "back", at: 0, left: [], cause: { by: "failure", reason: "i-1 has no image" } };

describe("the text of a step", () => {
    it("tells the way forward", () => {
        assert.deepEqual(lines(beginRoll(gradual)), [
            "taking green out of its deployment group, so that it grows without its last release",
            "giving green as many instances as blue has",
            "waiting until the instances of green have booted",
            "putting green back into its deployment group",
            "installing v2 on green",
            "waiting until all targets of green are healthy",
            "trying a route of green",
            "matching green with what blue has now",
            "taking back the end of green",
            "matching green with what blue has now",
            "sending 10 % of the requests to green",
            "watching green for 60 s, with 10 % of the requests",
            "matching green with what blue has now",
            "sending all requests to green",
            "watching green for 60 s, with all requests",
            "writing down that green serves",
            "letting green shrink again",
            "keeping blue warm for 30 min",
        ]);
    });

    it("tells the ways back", () => {
        assert.deepEqual(lines(back), [
            "sending all requests to blue",
            "writing down that blue serves",
            "stopping what CodeDeploy does on green",
            "taking away the instances of green",
            "putting green back into its deployment group",
            "letting blue shrink again",
        ]);
        assert.deepEqual(lines({ ...back, roll: sampleFlip })[2], "arming the end of blue again");
    });

    it("names the deployment that it takes up", () => {
        assert.equal(describeStep({ name: "install" }, { roll: sampleRoll, deploymentId: "d-1" }), "installing v2 on green (d-1)");
    });

    it("tells how what served is given up", () => {
        const retire = (warmSeconds: number) => describeStep({ name: "retire" }, { roll: { ...sampleRoll, warmSeconds } });
        assert.deepEqual([retire(90), retire(0)], ["keeping blue warm for 90 s", "taking away the instances of blue"]);
    });
});

describe("the text of a roll", () => {
    const ended = { roll: sampleRoll, phase: "ended", left: [] } as const;
    for (const [where, state, text] of [
        ["on its way", { ...beginRoll(sampleRoll), at: 4, deploymentId: "d-1" }, "step 5 of 15: installing v2 on green (d-1)"],
        ["on its way back", back, "going back to blue because it failed (i-1 has no image); step 1 of 6: sending all requests to blue"],
        [
            "on its way back by a person's wish",
            advanceRoll(beginRoll(sampleRoll), { type: "stopRequested", reason: "Ctrl-C" }),
            "going back to blue because a person stopped it (Ctrl-C); step 1 of 6: sending all requests to blue",
        ],
        [
            "that is stuck",
            { ...back, at: 3, problem: "access denied" },
            "going back to blue because it failed (i-1 has no image); stuck at step 4 of 6, taking away the instances of green: access denied",
        ],
        ["that succeeded", { ...ended, outcome: "succeeded" }, "green serves v2"],
        ["that succeeded and left one thing", { ...ended, outcome: "succeeded", left: ["blue cannot be ended"] }, "green serves v2; left to tidy up: blue cannot be ended"],
        [
            "that succeeded and left something",
            { ...ended, outcome: "succeeded", left: ["blue cannot be ended", "green cannot shrink"] },
            "green serves v2; left to tidy up: blue cannot be ended; green cannot shrink",
        ],
        ["that went back", { ...ended, outcome: "rolledBack", reason: "no image" }, "went back, blue serves as before: no image"],
        ["that was stopped", { ...ended, outcome: "stopped", reason: "Ctrl-C" }, "stopped, blue serves as before: Ctrl-C"],
    ] as const satisfies readonly (readonly [string, RollState, string])[]) {
        it(`${where} tells where it stands`, () => {
            assert.equal(describeRollState(state), text);
        });
    }

    it("is that of its step", () => {
        const state = beginRoll(sampleFlip);
        assert.equal(describeRollState(state), `step 1 of 7: ${describeStep(stepOf(state), state)}`);
    });
});
