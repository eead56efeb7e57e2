import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { findingsOn } from "../findings";

describe("a setting of the service that is no object", () => {
    for (const [key, example] of Object.entries({ buildArgs: '{"NODE_ENV":"production"}', environment: '{"GREETING":"hello"}' })) {
        it(`is answered by one that is, for ${key}`, () => {
            const [finding, ...more] = findingsOn({ given: { [key]: "A=1" } });
            assert.equal(finding?.fix, `in Pulumi.dev.yaml write such as gapless:${key}: ${example}`);
            assert.deepEqual(more, []);
        });
    }
});
