import assert from "node:assert/strict";
import { type ColourDocument, emptyColourDocument } from "../../../release/blue-green/document";
import { RollTakenOver } from "../../../release/blue-green/drive";
import { advanceRoll, beginRoll, type RollState } from "../../../release/blue-green/machine";
import { rememberRoll } from "../../../release/blue-green/remember-roll";
import { forwardSteps } from "../../../release/blue-green/step";
import { sampleFlip, sampleRoll } from "./sample-roll";

const [one, two] = [{ version: "v1", image: "shop@sha256:1" }, { version: "v2", image: "shop@sha256:2" }];
const until = "2026-01-01T01:00:00.000Z";
const before: ColourDocument = { ...emptyColourDocument, blue: one, green: { version: "v0", image: "shop@sha256:0" }, warm: { colour: "green", until } };
const start = beginRoll(sampleRoll);
const facts = { release: two };

function at(name: string): RollState {
    return { ...start, at: forwardSteps(sampleRoll).findIndex(step => step.name === name) };
}

function ended(outcome: "succeeded" | "rolledBack" | "stopped", roll = sampleRoll): RollState {
    return { roll, left: [], phase: "ended", outcome };
}

describe("what a stack remembers of a roll", () => {
    it("is that nothing is warm any more when a release begins, and that nobody knows what is on the idle colour", () => {
        const document = rememberRoll({ ...before, stopRequested: "of the roll before" }, start, facts);
        assert.deepEqual(document, { ...before, roll: start, stopRequested: null, warm: null, green: null });
    });

    it("is the release on its colour once it is installed, and not before", () => {
        assert.equal(rememberRoll(before, at("install"), facts).green, null);
        assert.deepEqual(rememberRoll(before, at("healthy"), facts).green, two);
    });

    it("is the release as it was written down before, for a driver that does not know it", () => {
        const installed = rememberRoll(before, at("healthy"), facts);
        assert.deepEqual(rememberRoll(installed, at("probe"), { release: null }).green, two);
        assert.equal(rememberRoll({ ...installed, green: one }, at("probe"), { release: null }).green, null, "another release");
    });

    it("is a wish to stop, until it has been heard", () => {
        const wished = { ...rememberRoll(before, at("boot"), facts), stopRequested: "stopped by ann" };
        assert.equal(rememberRoll(wished, at("attach"), facts).stopRequested, "stopped by ann");
        const back = advanceRoll(start, { type: "stopRequested", reason: "stopped by ann" });
        assert.equal(rememberRoll(wished, back, facts).stopRequested, null);
    });

    for (const outcome of ["succeeded", "rolledBack", "stopped"] as const) {
        it(`is no wish to stop, and no roll, when one has ${outcome}`, () => {
            const document = rememberRoll({ ...rememberRoll(before, at("retire"), facts), stopRequested: "too late" }, ended(outcome), facts);
            assert.deepEqual([document.roll, document.stopRequested], [null, null]);
        });
    }

    it("is what served as warm when a roll has succeeded, until its instances end", () => {
        const document = rememberRoll(rememberRoll(before, at("retire"), facts), ended("succeeded"), { ...facts, warmUntil: until });
        assert.deepEqual([document.warm, document.blue, document.green], [{ colour: "blue", until }, one, two]);
        assert.equal(rememberRoll(before, ended("succeeded"), facts).warm, null, "its instances have ended");
        assert.equal(rememberRoll({ ...before, blue: null }, ended("succeeded"), { ...facts, warmUntil: until }).warm, null, "nobody knows what is there");
    });

    it("is nothing on the new colour after a roll that went back", () => {
        const document = rememberRoll(rememberRoll(before, at("bake"), facts), ended("rolledBack"), facts);
        assert.deepEqual([document.green, document.warm], [null, null]);
    });

    it("is what is on both colours all through a flip, and that the other one is warm again when it went back", () => {
        const serves: ColourDocument = { ...emptyColourDocument, blue: one, green: two, warm: { colour: "blue", until } };
        const flipping = rememberRoll(serves, beginRoll(sampleFlip), { release: one });
        assert.deepEqual([flipping.blue, flipping.green, flipping.warm], [one, two, null]);
        assert.deepEqual(rememberRoll(flipping, ended("rolledBack", sampleFlip), { release: null, warmUntil: until }), { ...serves, roll: null });
        assert.deepEqual(rememberRoll(flipping, ended("succeeded", sampleFlip), { release: one, warmUntil: until }).warm, { colour: "green", until });
    });

    it("is not changed beside another roll", () => {
        const other = { ...before, roll: beginRoll({ ...sampleRoll, id: "bg-9" }) };
        assert.throws(() => rememberRoll(other, start, facts), (error: unknown) => error instanceof RollTakenOver && /roll bg-9 has begun beside roll bg-1/.test(error.message));
    });
});
