import assert from "node:assert/strict";
import { emptyColourDocument } from "../../../release/blue-green/document";
import { type Standing, standingAfter, standingProblems, type WantedStanding } from "../../../rehearsal/faults/standing";
import { endedRoll, sampleFlip, sampleRoll } from "../report/material";

const release = (version: string) => ({ version, image: `registry.test/app@sha256:${"a".repeat(64)}` });
const end = new Date("2026-01-01T01:00:00Z");

/** Green serves v2 with four instances; blue is warm. */
const warm: Standing = {
    weights: { blue: 0, green: 100 },
    activeColour: "green",
    document: { ...emptyColourDocument, blue: release("v1"), green: release("v2"), warm: { colour: "blue", until: end.toISOString() } },
    groups: {
        blue: { min: 4, desired: 4, instances: 4, inService: 4, healthy: 4, inDeploymentGroup: true, endsAt: end },
        green: { min: 4, desired: 4, instances: 4, inService: 4, healthy: 4, inDeploymentGroup: true, endsAt: undefined },
    },
};
/** The same without blue. */
const gone: Standing = {
    ...warm,
    document: { ...warm.document, warm: null },
    groups: { ...warm.groups, blue: { min: 0, desired: 0, instances: 0, inService: 0, healthy: 0, inDeploymentGroup: true, endsAt: undefined } },
};
const wantWarm: WantedStanding = { serving: "green", version: "v2", minSize: 4, other: "warm" };
const wantGone: WantedStanding = { ...wantWarm, other: "gone" };

const green = (about: Partial<Standing["groups"]["green"]>): Partial<Standing> => ({ groups: { ...gone.groups, green: { ...gone.groups.green, ...about } } });
const blue = (standing: Standing, about: Partial<Standing["groups"]["blue"]>): Standing =>
    ({ ...standing, groups: { ...standing.groups, blue: { ...standing.groups.blue, ...about } } });
const document = (about: Partial<Standing["document"]>): Partial<Standing> => ({ document: { ...gone.document, ...about } });

describe("How a stack stands between two rolls", () => {
    it("is as it must be", () => {
        assert.deepEqual(standingProblems(warm, wantWarm), []);
        assert.deepEqual(standingProblems(gone, wantGone), []);
        assert.deepEqual(standingProblems({ ...gone, ...green({ desired: 6, instances: 6, inService: 6, healthy: 6 }) }, wantGone), []);
    });

    for (const [about, problem] of [
        [{ weights: { blue: 10, green: 90 } }, /^green gets 90 % of the requests instead of all$/],
        [{ activeColour: "blue" }, /^the parameter says blue, and green serves$/],
        [green({ min: 0 }), /^green serves with a minimum of 0 instead of 4$/],
        [green({ min: 6, desired: 6, instances: 6, inService: 6, healthy: 6 }), /^green serves with a minimum of 6 instead of 4$/],
        [green({ desired: 3, instances: 3, inService: 3, healthy: 3 }), /^green serves with 3 of 4 instances in service/],
        [green({ inService: 3 }), /^green serves with 3 of 4 instances in service/],
        [green({ instances: 5 }), /^green serves with 4 of 4 instances in service \(5 in all\)/],
        [green({ healthy: 3 }), /^3 of 4 targets of green are healthy$/],
        [green({ inDeploymentGroup: false }), /^green serves and is not in its deployment group$/],
        [green({ endsAt: end }), /^green serves, and its end is scheduled$/],
        [document({ roll: { roll: sampleRoll, phase: "forward", at: 0, left: [] } }), /^the document says that roll bg-1 is under way, and it is over$/],
        [document({ stopRequested: "please" }), /^the document still asks for a stop$/],
        [document({ green: release("v1") }), /^the document says that green has release v1, and v2 serves$/],
        [document({ green: null }), /^the document says that green has release none, and v2 serves$/],
        [document({ warm: { colour: "blue", until: end.toISOString() } }), /^the document says that blue is warm, and nothing is$/],
        [blue(gone, { desired: 1 }), /^blue should be gone, and has 0 instances \(minimum 0, desired 1\)$/],
        [blue(gone, { min: 1 }), /^blue should be gone/],
        [blue(gone, { instances: 2 }), /^blue should be gone, and has 2 instances/],
        [blue(gone, { endsAt: end }), /^blue is gone, and an end of it is still scheduled$/],
        [blue(gone, { inDeploymentGroup: false }), /^blue is not in its deployment group$/],
    ] as const satisfies readonly (readonly [Partial<Standing>, RegExp])[]) {
        it(`is said to be wrong: ${problem.source.replaceAll(/[\\^$]/g, "")}`, () => {
            const [found, ...more] = standingProblems({ ...gone, ...about }, wantGone);
            assert.match(found ?? "", problem);
            assert.deepEqual(more, []);
        });
    }

    for (const [standing, problem] of [
        [blue(warm, { endsAt: undefined }), /^blue is warm, and nothing ends it$/],
        [blue(warm, { desired: 0, instances: 0, inService: 0 }), /^blue should be warm, and has 0 of 0 instances$/],
        [blue(warm, { inService: 3 }), /^blue should be warm, and has 3 of 4 instances$/],
        [blue(warm, { inDeploymentGroup: false }), /^blue is not in its deployment group$/],
        [{ ...warm, document: { ...warm.document, warm: null } }, /^blue is warm, and the document does not say so$/],
    ] as const) {
        it(`is said to be wrong: ${problem.source.replaceAll(/[\\^$]/g, "")}`, () => {
            assert.match(standingProblems(standing, wantWarm).join("; "), problem);
        });
    }
});

describe("What a stack must look like after a roll", () => {
    const before = { version: "v0", otherWasWarm: true };
    const done = endedRoll(sampleRoll);
    for (const [what, state, wanted] of [
        ["that took over", done, { serving: "green", version: "v2", other: "warm" }],
        ["that took over without a warm time", { ...done, roll: { ...sampleRoll, warmSeconds: 0 } }, { serving: "green", version: "v2", other: "gone" }],
        ["that went back", { ...done, outcome: "rolledBack" }, { serving: "blue", version: "v0", other: "gone" }],
        ["that was stopped", { ...done, outcome: "stopped" }, { serving: "blue", version: "v0", other: "gone" }],
        ["that was a flip and stopped", { ...endedRoll(sampleFlip), outcome: "stopped" }, { serving: "green", version: "v0", other: "warm" }],
        ["that flipped", endedRoll(sampleFlip), { serving: "blue", version: "v1", other: "warm" }],
    ] as const) {
        it(`${what} follows from how it ended`, () => { assert.deepEqual(standingAfter(state, before), wanted); });
    }
});
