import assert from "node:assert/strict";
import { rehearse } from "../support/rehearse";

// One stands for all of them here. Its control, which must lose requests, and what goes wrong: ./gapless test --soak.
describe("blue/green rehearsal", () => {
    it("loses no request when version 2 takes over in three shares, is taken back and takes over again", async () => {
        const { code, report, left } = await rehearse("--strategy", "blueGreen", "--shift", "10,50,100", "--bake", "20s");
        assert.equal(report.requests.failed, 0, report.reason);
        assert.equal(report.verdict, "passed", report.reason);
        assert.equal(code, 0);
        assert.ok(report.strategy === "blueGreen");
        const { rolls, weights, capacityFloor, steps } = report.colours;
        assert.deepEqual(rolls.map(({ kind, outcome }) => `${kind} ${outcome}`), ["deploy succeeded", "flip succeeded", "flip succeeded"]);
        assert.deepEqual(weights.map(({ weights: { green }, calls }) => [green, calls]), [[0, 0], [10, 1], [50, 1], [100, 1], [0, 1], [100, 1]]);
        assert.equal(capacityFloor, 1);
        assert.ok(steps.every(({ problem }) => problem === undefined));
        // What makes the zero mean something: slow requests, load throughout, and both releases answering.
        assert.ok(report.requests.slow > report.requests.total * 0.05, `only ${report.requests.slow} slow requests`);
        assert.ok(report.requests.total >= 2000, `only ${report.requests.total} requests`);
        assert.deepEqual(Object.keys(report.seconds[0]?.answered ?? {}), [report.versions.before]);
        assert.deepEqual(Object.keys(report.seconds.at(-1)?.answered ?? {}), [report.versions.after]);
        assert.deepEqual(left, []);
    });
});
