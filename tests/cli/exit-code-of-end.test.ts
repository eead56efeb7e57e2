import assert from "node:assert/strict";
import { exitCodeOfEnd } from "../../cli/exit-code-of-end";

describe("the exit code of a deployment", () => {
    for (const [result, code] of [["succeeded", 0], ["rolledBack", 3], ["failed", 1], ["stopped", 1]] as const) {
        it(`is ${code} when it ended as ${result}`, () => {
            assert.equal(exitCodeOfEnd({ result }), code);
        });
    }
});
