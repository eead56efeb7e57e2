import assert from "node:assert/strict";
import { beginRoll } from "../../release/blue-green/machine";
import { emptyColourDocument } from "../../release/blue-green/document";
import { rollbackTarget } from "../../release/rollback-target";
import { rollUnderWay, runningOn, settleRolls } from "../../release/roll-history";
import { entry, version } from "./status-site";

const roll = beginRoll({
    id: "bg-3", kind: "deploy", version: version(3), from: "blue", to: "green", shiftPercents: [100], bakeSeconds: 60, warmSeconds: 1800, minSize: 2, begun: "2026-01-01T00:00:00.000Z",
});
const release = (n: number) => ({ version: version(n), image: `r@sha256:${n}` });

describe("history of rolls", () => {
    for (const [what, state, deploymentId, result] of [
        ["goes on while the colours' document has it", roll, "bg-3", "inProgress"],
        ["has ended, nobody knows how, when another one goes on", { ...roll, roll: { ...roll.roll, id: "bg-4" } }, "bg-3", "unknown"],
        ["has ended, nobody knows how, when none goes on", null, "bg-3", "unknown"],
        ["is CodeDeploy's to settle when it is no roll", null, "d-3", "inProgress"],
    ] as const) {
        it(`${what}, of what the journal leaves open`, () => {
            assert.deepEqual(settleRolls([entry(3, { deploymentId, result: "inProgress" })], { roll: state }), [entry(3, { deploymentId, result })]);
        });
    }

    it("lets stand what the journal says of an end", () => {
        assert.deepEqual(settleRolls([entry(3, { deploymentId: "bg-3" })], { roll: null }), [entry(3, { deploymentId: "bg-3" })]);
    });

    it("knows a roll under way", () => {
        assert.deepEqual([rollUnderWay({ roll }), rollUnderWay({ roll: null })], [roll, undefined]);
    });
});

describe("release on a colour", () => {
    const entries = [entry(1), entry(2), entry(3, { version: version(1) }), entry(4, { result: "failed" })];

    it("is not known before a roll has brought one", () => {
        assert.equal(runningOn("green", entries, { ...emptyColourDocument, blue: release(1) }), undefined);
    });

    it("is that which was installed there last, by the newest roll that succeeded", () => {
        assert.deepEqual(runningOn("green", entries, { ...emptyColourDocument, blue: release(2), green: release(1) }), { version: version(1), entry: entries[2], deploymentId: "d-3" });
    });

    for (const result of ["unknown", "inProgress"] as const) {
        it(`is known though its own roll is ${result} in the journal`, () => {
            const own = entry(5, { result });
            assert.deepEqual(runningOn("blue", [...entries, own], { ...emptyColourDocument, blue: release(5) }), { version: version(5), entry: own, deploymentId: "d-5" });
        });
    }

    it("is known though nobody has written its roll down, or it is told as failed", () => {
        for (const n of [4, 6]) assert.deepEqual(runningOn("blue", entries, { ...emptyColourDocument, blue: release(n) }), { version: version(n) });
    });
});

describe("way back after a flip", () => {
    const unnamed: [] = [];

    it("is what served before the release that was flipped to had come, not what one came from", () => {
        const entries = [entry(1), entry(2), entry(3), entry(4, { version: version(2), by: "flip" })];
        const choice = rollbackTarget({ entries, unnamed, running: { version: version(2), entry: entries[3] } }, undefined);
        assert.equal("target" in choice && choice.target.n, 1);
    });

    it("cannot be told where nobody has written down what serves", () => {
        assert.deepEqual(rollbackTarget({ entries: [], unnamed, running: { version: version(2) } }, undefined), {
            problem: `Nobody has written down what serves (release ${version(2)}), so what served before it cannot be told.`,
        });
    });
});
