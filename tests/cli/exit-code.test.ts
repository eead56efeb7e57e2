import assert from "node:assert/strict";
import { exitCodes } from "../../cli/exit-code";
import { checkShares, exitCodeOfVerdict } from "../../cli/commands/rehearse";

describe("exit codes", () => {
    // Scripts and pipelines rely on these numbers.
    it("keep their numbers", () => {
        assert.deepEqual(exitCodes, { done: 0, failed: 1, usage: 2, rolledBack: 3, needsPerson: 4, interrupted: 130 });
    });

    for (const [verdict, code] of [["passed", 0], ["failed", 1], ["rolledBack", 3]] as const) {
        it(`are ${code} for a rehearsal whose verdict is ${verdict}`, () => { assert.equal(exitCodeOfVerdict(verdict), code); });
    }

    it("are for a wrong command line when the shares of a rehearsal do not lead to all requests", () => {
        checkShares({ shiftPercents: [10, 100] });
        checkShares({});
        assert.throws(() => { checkShares({ shiftPercents: [50, 10] }); }, {
            name: "PlanError", message: "--shift must be whole percents that grow and end with 100, such as 10, 50, 100; received 50,10.",
        });
    });
});
