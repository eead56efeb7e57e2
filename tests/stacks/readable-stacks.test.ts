import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { correctStack } from "../../stacks/readable-stacks";

function corrected(stack: string): string | undefined {
    const error = new Error("x");
    error.stack = stack;
    correctStack(error);
    return error.stack;
}

describe("a stack", () => {
    it("names Pulumi's package where the source maps leave it out", () => {
        assert.equal(
            corrected("Error: x\n    at Stack.init (/a/node_modules/@pulumi/resource.ts:1598:22)\n    at /a/node_modules/@pulumi/output.ts:1:2"),
            "Error: x\n    at Stack.init (/a/node_modules/@pulumi/pulumi/resource.ts:1598:22)\n    at /a/node_modules/@pulumi/pulumi/output.ts:1:2",
        );
        assert.equal(corrected("at C:\\a\\node_modules\\@pulumi\\output.ts:1:2"), "at C:\\a\\node_modules\\@pulumi\\pulumi/output.ts:1:2");
    });

    it("stays as it is where the package is named", () => {
        const stack = "Error: x\n    at f (/a/node_modules/@pulumi/pulumi/resource.js:1:2)\n    at g (/a/node_modules/mocha/lib/x.js:1:2)";
        assert.equal(corrected(stack), stack);
    });

    it("is corrected in causes, too, and what is no error is left alone", () => {
        const cause = new Error("cause");
        cause.stack = "at /a/node_modules/@pulumi/output.ts:1:2";
        correctStack(new Error("x", { cause }));
        assert.equal(cause.stack, "at /a/node_modules/@pulumi/pulumi/output.ts:1:2");
        assert.doesNotThrow(() => { correctStack("text"); });
    });
});
