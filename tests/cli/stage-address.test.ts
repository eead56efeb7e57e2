import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "mocha";
import { addressOf } from "../../cli/stage-address";

const folder = join(import.meta.dirname, "../..");
const env = { GAPLESS_PROJECT: "shop", GAPLESS_STACK: "prod-eu", AWS_REGION: "eu-west-1" };

describe("where a stage lies", () => {
    it("is told by the stack's files", () => {
        const { project, stack, region } = addressOf("dev", { folder, env: { AWS_REGION: "eu-west-1" } });
        assert.deepEqual({ project, stack }, { project: "gapless", stack: "dev" });
        assert.match(region, /^[a-z]{2}-[a-z]+-\d$/);
        assert.notEqual(region, "eu-west-1");
    });

    it("is told by the environment where there are no files", () => {
        assert.deepEqual(addressOf("prod-eu", { folder: "/nowhere", env }), { project: "shop", stack: "prod-eu", region: "eu-west-1" });
    });

    it("is not told by the environment of another stack", () => {
        assert.equal(addressOf("dev", { folder, env }).project, "gapless");
    });

    for (const name of Object.keys(env)) {
        it(`is not told by an environment without ${name}`, () => {
            assert.throws(() => addressOf("prod-eu", { folder: "/nowhere", env: { ...env, [name]: "" } }), { name: "StackFileError" });
        });
    }
});
