import assert from "node:assert/strict";
import { type ActiveRoll, advanceRoll, beginRoll, canTurnBack, isStuck, type RollState, rollState, stepOf, stepsOf, takeUpRoll } from "../../../release/blue-green/machine";
import { ReleaseError } from "../../../release/error";
import { sampleFlip, sampleRoll } from "./sample-roll";

const gradual = { ...sampleRoll, shiftPercents: [10, 100] };
const forward = (name: string, percent?: number): ActiveRoll => {
    const at = stepsOf(beginRoll(gradual)).findIndex(step => step.name === name && (percent === undefined || ("percent" in step && step.percent === percent)));
    return { roll: gradual, phase: "forward", at, left: [] };
};
const back = (at: number, about: { problem?: string } = {}): ActiveRoll =>
    ({ roll: gradual, phase: "back", at, cause: { by: "failure", reason: "no image" }, left: [], ...about });

describe("the machine of a roll", () => {
    it("begins with the first step, and begins no roll that could not be carried out", () => {
        assert.deepEqual(beginRoll(sampleRoll), { roll: sampleRoll, phase: "forward", at: 0, left: [] });
        assert.throws(() => beginRoll({ ...sampleRoll, to: "blue" }), new ReleaseError("a roll leads from one colour to the other, not from blue to blue"));
    });

    it("goes on to the next step, and remembers CodeDeploy's name for the deployment", () => {
        assert.deepEqual(advanceRoll(forward("install"), { type: "done", deploymentId: "d-1" }), { ...forward("healthy"), deploymentId: "d-1" });
        assert.deepEqual(advanceRoll({ ...forward("healthy"), deploymentId: "d-1" }, { type: "done" }), { ...forward("probe"), deploymentId: "d-1" });
    });

    it("turns back for a failure and for a person, from the first step to the commit", () => {
        for (let at = 0; at <= forward("commit").at; at += 1) {
            const state: ActiveRoll = { roll: gradual, phase: "forward", at, left: [], deploymentId: "d-1" };
            const turned = (by: "failure" | "person") => ({ roll: gradual, phase: "back", at: 0, cause: { by, reason: "why" }, left: [], deploymentId: "d-1" });
            assert.ok(canTurnBack(state));
            assert.deepEqual(advanceRoll(state, { type: "failed", reason: "why" }), turned("failure"));
            assert.deepEqual(advanceRoll(state, { type: "stopRequested", reason: "why" }), turned("person"));
        }
    });

    it("leaves what fails after the commit to a person, and stops for nobody", () => {
        const [settle, retire] = [forward("settle"), forward("retire")];
        assert.ok(!canTurnBack(settle) && !canTurnBack(retire) && !canTurnBack(back(0)));
        assert.deepEqual(advanceRoll(settle, { type: "failed", reason: "one" }), { ...retire, left: ["one"] });
        assert.deepEqual(advanceRoll({ ...retire, left: ["one"] }, { type: "failed", reason: "two" }), { roll: gradual, phase: "ended", outcome: "succeeded", left: ["one", "two"] });
        for (const state of [settle, retire, back(1)]) assert.equal(advanceRoll(state, { type: "stopRequested", reason: "why" }), state);
    });

    it("stays where it is when the way back is blocked, and forgets why once it is not", () => {
        const stuck = advanceRoll(back(1), { type: "failed", reason: "denied" });
        assert.deepEqual(stuck, back(1, { problem: "denied" }));
        assert.deepEqual(advanceRoll(back(1, { problem: "denied" }), { type: "failed", reason: "still" }), back(1, { problem: "still" }));
        assert.deepEqual(advanceRoll(back(1, { problem: "denied" }), { type: "done" }), back(2));
        assert.deepEqual([stuck, back(1), forward("boot")].map(isStuck), [true, false, false]);
    });

    for (const [by, outcome] of [["failure", "rolledBack"], ["person", "stopped"]] as const) {
        it(`has ${outcome} at the end of a way back that a ${by} began`, () => {
            const last: ActiveRoll = { roll: sampleFlip, phase: "back", at: 3, cause: { by, reason: "why" }, left: [], deploymentId: "d-1", problem: "denied" };
            assert.deepEqual(advanceRoll(last, { type: "done" }), { roll: sampleFlip, phase: "ended", outcome, reason: "why", left: [], deploymentId: "d-1" });
        });
    }

    it("has succeeded at the end of its way", () => {
        assert.deepEqual(advanceRoll({ ...forward("retire"), deploymentId: "d-1" }, { type: "done" }), { roll: gradual, phase: "ended", outcome: "succeeded", left: [], deploymentId: "d-1" });
    });

    it("is taken up where it was left, but at the match before what sends requests, watches them, or writes down who serves", () => {
        for (const step of ["detach", "boot", "install", "probe", "disarm", "match", "settle", "retire"]) assert.deepEqual(takeUpRoll(forward(step)), forward(step));
        const [first, second] = [1, 4].map((more): ActiveRoll => ({ ...forward("disarm"), at: forward("disarm").at + more }));
        assert.ok(first !== undefined && second !== undefined);
        assert.deepEqual([first, second].map(state => stepOf(state).name), ["match", "match"]);
        assert.deepEqual([takeUpRoll(forward("shift", 10)), takeUpRoll(forward("bake", 10))], [first, first]);
        assert.deepEqual(["shift", "bake", "commit"].map(name => takeUpRoll(forward(name, name === "commit" ? undefined : 100))), [second, second, second]);
    });

    it("is taken up on its way back at its step, whose problem is forgotten", () => {
        assert.deepEqual(takeUpRoll(back(2, { problem: "denied" })), back(2));
    });

    it("is read as it was written down", () => {
        const states: readonly RollState[] = [
            forward("install"), back(2, { problem: "denied" }), { roll: sampleFlip, phase: "ended", outcome: "stopped", reason: "why", left: ["one"] },
        ];
        for (const state of states) assert.deepEqual(rollState.parse(JSON.parse(JSON.stringify(state))), state);
    });

    it("knows no step beyond its last", () => {
        assert.throws(() => stepOf(back(6)), new ReleaseError("roll bg-1 has no step 6 on its way back"));
    });
});
