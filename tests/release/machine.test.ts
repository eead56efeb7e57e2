import assert from "node:assert/strict";
import { userInfo } from "node:os";
import { thisUser } from "../../release/machine";

function nameless(): never {
    throw new Error("ENOENT: no such user");
}

describe("user of this machine", () => {
    it("is the one that the system knows", () => { assert.equal(thisUser({ USER: "somebody" }), userInfo().username); });

    it("is what the environment says, else a number, where the system has no name", () => {
        assert.equal(thisUser({ USER: "ann" }, nameless), "ann");
        assert.equal(thisUser({}, nameless), `uid ${process.getuid?.() ?? "unknown"}`);
    });
});
