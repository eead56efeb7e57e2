import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { required } from "../../stacks/required";

describe("a required setting", () => {
    it("is what it is, also when that is nothing much", () => {
        assert.deepEqual([required("a", 0), required("b", ""), required("c", false)], [0, "", false]);
    });

    it("is named when the rules have let it be left out", () => {
        assert.throws(() => { required("domainName", undefined); }, { message: "domainName is missing, and no rule has said so." });
    });
});
