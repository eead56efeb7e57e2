import assert from "node:assert/strict";
import { makeReport } from "../../../rehearsal/report/report";
import { reportSchema, type ColoursReport } from "../../../rehearsal/report/report-schema";
import type { ColoursInput } from "../../../rehearsal/report/report-input";
import { colourRehearsal, endedRoll, flippedBackRehearsal, goodColours, request, sampleRoll, shifted, stepFrom } from "./material";

function reportOf(input: ColoursInput): ColoursReport {
    const report = makeReport(input);
    return report.strategy === "blueGreen" ? report : assert.fail("a report on something else");
}

/** Flipped back at 18 s, and forth again at 18.5 s. */
function forthAgain(): ColoursInput {
    const { colours, records, ...rest } = flippedBackRehearsal();
    return {
        ...rest,
        records: records.map(record => record.dueMs > 18_500 ? { ...record, version: "v2" } : record),
        colours: { ...colours, weights: [...colours.weights, shifted(18.5, 100)] },
    };
}

describe("The report on blue/green", () => {
    it("tells the way of the weights, with what each change of them took", () => {
        const { colours, strategy, waves } = reportOf(flippedBackRehearsal());
        assert.equal(strategy, "blueGreen");
        assert.equal(waves, 0);
        assert.deepEqual({ from: colours.from, to: colours.to }, { from: "blue", to: "green" });
        assert.deepEqual(colours.weights, [
            { atMs: 0, weights: { blue: 100, green: 0 }, ms: 0, calls: 0 },
            { atMs: 13_000, weights: { blue: 50, green: 50 }, ms: 3, calls: 1 },
            { atMs: 16_000, weights: { blue: 0, green: 100 }, ms: 3, calls: 1 },
            { atMs: 18_000, weights: { blue: 100, green: 0 }, ms: 4.3, calls: 1 },
        ]);
        assert.deepEqual(colours.flip, colours.weights[2]);
        assert.deepEqual(colours.flipBack, colours.weights[3]);
    });

    it("has no flip while both colours get requests, and no way back while nobody took it", () => {
        const half = goodColours({ weights: [shifted(0, 0, { calls: 0 }), shifted(13, 50)] });
        const { colours } = reportOf(colourRehearsal({ colours: half, end: { outcome: "failed", reason: "stuck" } }));
        assert.equal(colours.flip, null);
        assert.equal(colours.flipBack, null);
        assert.equal(reportOf(colourRehearsal()).colours.flipBack, null);
    });

    it("does not take the weights of the beginning for a flip", () => {
        const { weights, ...rest } = goodColours();
        const fromGreen = { ...rest, rolls: [endedRoll({ ...sampleRoll, from: "green", to: "blue" } as const)], weights: weights.slice(0, 1) };
        assert.equal(reportOf(colourRehearsal({ colours: fromGreen })).colours.flip, null);
    });

    it("takes each step for a phase of its own, the way back included", () => {
        const steps = [...goodColours().steps, stepFrom(17, 17.5, { name: "restore" }, { phase: "back", problem: "throttled" })];
        const { colours } = reportOf(colourRehearsal({ colours: goodColours({ steps }) }));
        assert.deepEqual(colours.steps.at(2), { roll: "bg-1", phase: "forward", name: "shift", percent: 50, startMs: 13_000, seconds: 0.003 });
        assert.deepEqual(colours.steps.at(-1), { roll: "bg-1", phase: "back", name: "restore", startMs: 17_000, seconds: 0.5, problem: "throttled" });
    });

    it("counts requests to the way back from its first step on", () => {
        assert.equal(reportOf(flippedBackRehearsal()).requests.byPhase.rollback?.total, 20);
        assert.equal(reportOf(colourRehearsal()).requests.byPhase.rollback, undefined);
        const steps = [...goodColours().steps, stepFrom(17, 17.5, { name: "restore" }, { phase: "back" })];
        assert.equal(reportOf(colourRehearsal({ colours: goodColours({ steps }) })).requests.byPhase.rollback?.total, 30);
    });

    for (const [what, capacity, floor] of [
        ["of a colour without requests", [[14, 4, 4], [17, 0, 4]], 1],
        ["of the new colour, though the old one has all of its own", [[14, 4, 3]], 0.75],
        ["of the old colour as long as it has a share", [[15.9, 2, 4], [17, 0, 4]], 0.5],
        ["of nobody when nobody looked", [], null],
    ] as const) {
        it(`measures the capacity ${what}`, () => {
            const samples = capacity.map(([second, blue, green]) => ({ atMs: second * 1000, healthy: { blue, green } }));
            assert.equal(reportOf(colourRehearsal({ colours: goodColours({ capacity: samples }) })).colours.capacityFloor, floor);
        });
    }

    for (const [what, input, second, version, strays] of [
        ["the old version after all requests went to the new", colourRehearsal(), 17, "v1", 1],
        ["the old version while both have a share", colourRehearsal(), 15, "v1", 0],
        ["the new version after the way back", flippedBackRehearsal(), 19, "v2", 1],
        ["the old version after flipping forth again", forthAgain(), 19, "v1", 1],
        ["the new version after flipping forth again", forthAgain(), 19, "v2", 0],
        ["the old version between the flip and the way back", flippedBackRehearsal(), 17, "v1", 1],
        ["the old version after the way back", flippedBackRehearsal(), 19, "v1", 0],
    ] as const) {
        it(`holds ${strays} answer for stray when ${what} answers`, () => {
            const records = [...input.records, request({ dueMs: second * 1000 + 500, version })];
            assert.equal(/answers? after it came from another version/.test(makeReport({ ...input, records }).reason), strays > 0);
        });
    }

    it("cannot be made without a roll", () => {
        assert.throws(() => makeReport(colourRehearsal({ colours: goodColours({ rolls: [] }) })), /needs the roll that was carried out/);
    });

    it("survives the way through its file, and its schema knows every key", () => {
        const report = makeReport(flippedBackRehearsal());
        assert.deepEqual(reportSchema.parse(JSON.parse(JSON.stringify(report))), report);
        assert.equal(reportSchema.safeParse({ ...report, waves: -1 }).success, false);
        assert.equal(reportSchema.safeParse({ ...report, strategy: "rolling" }).success, false);
    });
});
