import assert from "node:assert/strict";
import { checkRoll, roll, type Roll, shiftProblem } from "../../../release/blue-green/roll";
import { ReleaseError } from "../../../release/error";
import { sampleFlip, sampleRoll } from "./sample-roll";

describe("a roll", () => {
    it("is read as it was written down", () => {
        for (const each of [sampleRoll, sampleFlip, { ...sampleFlip, urgent: true }]) assert.deepEqual(roll.parse(JSON.parse(JSON.stringify(each))), each);
    });

    for (const [wrong, change] of [
        ["a colour that is none", { to: "red" }],
        ["half a second", { bakeSeconds: 0.5 }],
        ["a negative bake", { bakeSeconds: -1 }],
        ["a negative warm time", { warmSeconds: -1 }],
        ["a fleet of none", { minSize: 0 }],
        ["a time that is none", { begun: "now" }],
    ] as const) {
        it(`is not read with ${wrong}`, () => {
            assert.equal(roll.safeParse({ ...sampleRoll, ...change }).success, false);
        });
    }

    it("can be carried out when its shares grow to all, its numbers are whole and a flip knows its time", () => {
        for (const shiftPercents of [[100], [1, 2, 100], [10, 50, 100]]) checkRoll({ ...sampleRoll, shiftPercents, bakeSeconds: 0, warmSeconds: 0, minSize: 1 });
        checkRoll(sampleFlip);
    });

    const shares = "the shares of a roll must be whole percents that grow and end with 100, such as 10, 50, 100; received ";
    for (const [wrong, refused, message] of [
        ["leads nowhere", { ...sampleRoll, to: "blue" }, "a roll leads from one colour to the other, not from blue to blue"],
        ["has no shares", { ...sampleRoll, shiftPercents: [] }, shares],
        ["does not end with all", { ...sampleRoll, shiftPercents: [10, 50] }, `${shares}10, 50`],
        ["takes requests back on its way", { ...sampleRoll, shiftPercents: [50, 10, 100] }, `${shares}50, 10, 100`],
        ["stands still", { ...sampleRoll, shiftPercents: [50, 50, 100] }, `${shares}50, 50, 100`],
        ["sends nothing first", { ...sampleRoll, shiftPercents: [0, 100] }, `${shares}0, 100`],
        ["sends parts of a percent", { ...sampleRoll, shiftPercents: [0.5, 100] }, `${shares}0.5, 100`],
        ["sends more than all", { ...sampleRoll, shiftPercents: [100, 101] }, `${shares}100, 101`],
        ["bakes for less than no time", { ...sampleRoll, bakeSeconds: -1 }, "bakeSeconds of a roll must be a whole number of 0 or more; received -1"],
        ["keeps warm for part of a second", { ...sampleRoll, warmSeconds: 0.5 }, "warmSeconds of a roll must be a whole number of 0 or more; received 0.5"],
        ["needs no instance", { ...sampleRoll, minSize: 0 }, "minSize of a roll must be a whole number of 1 or more; received 0"],
        ["flips to a colour that has no time", { ...sampleRoll, kind: "flip" }, "a flip must know until when the colour that it leads to is kept warm"],
    ] as const satisfies readonly (readonly [string, Roll, string])[]) {
        it(`is refused when it ${wrong}`, () => {
            assert.throws(() => { checkRoll(refused); }, new ReleaseError(message));
        });
    }

    it("tells of shares what is wrong with them, and nothing of those that are right", () => {
        assert.equal(shiftProblem([10, 100]), undefined);
        assert.equal(shiftProblem([10]), "must be whole percents that grow and end with 100, such as 10, 50, 100");
    });
});
