import assert from "node:assert/strict";
import { colourDocument, emptyColourDocument } from "../../../release/blue-green/document";
import { beginRoll, stepsOf } from "../../../release/blue-green/machine";
import { sampleRoll } from "./sample-roll";

const roll = beginRoll(sampleRoll);
const last = stepsOf(roll).length - 1;
const problemsOf = (state: unknown): unknown => colourDocument.safeParse({ ...emptyColourDocument, roll: state }).error?.issues.map(({ path, message }) => [...path, message]);

describe("document of the colours", () => {
    it("holds a roll at any of its steps", () => {
        for (const at of [0, last]) assert.deepEqual(colourDocument.parse({ ...emptyColourDocument, roll: { ...roll, at } }).roll, { ...roll, at });
    });

    it("holds no roll at a step that there is not", () => {
        for (const at of [-1, last + 1]) assert.deepEqual(problemsOf({ ...roll, at }), [["roll", `roll bg-1 has no step ${at} on its way forward`]]);
        assert.deepEqual(problemsOf({ ...roll, phase: "back", at: 99, cause: { by: "person", reason: "why" } }), [["roll", "roll bg-1 has no step 99 on its way back"]]);
    });

    it("holds no roll that has ended", () => {
        assert.deepEqual(problemsOf({ roll: sampleRoll, phase: "ended", outcome: "succeeded", left: [] }), [["roll", "roll bg-1 has ended, so it is not under way"]]);
    });
});
