import assert from "node:assert/strict";
import { refusalOf } from "../../../release/aws/refusal";
import { isTransient, networkTroubles, throttled, timedOut } from "../../../release/aws/transient";

const failure = (about: object): Error => Object.assign(new Error("no"), { $metadata: {} }, about);

describe("trouble with AWS", () => {
    for (const name of [...throttled, ...timedOut]) {
        it(`passes and is told in words when it is a ${name}`, () => {
            assert.equal(isTransient(failure({ name })), true);
            assert.match(refusalOf(failure({ name })) ?? "", throttled.includes(name) ? /^AWS is asked too often/ : /^AWS does not answer/);
        });
    }

    for (const code of Object.keys(networkTroubles)) {
        it(`passes and is told in words when it is ${code}`, () => {
            assert.equal(isTransient(failure({ code })), true);
            assert.match(refusalOf(failure({ code })) ?? "", /^AWS cannot be reached: /);
        });
    }

    it("passes when something else has to end first, by either way that AWS says so", () => {
        for (const name of ["ScalingActivityInProgressFault", "ScalingActivityInProgress", "ResourceContentionFault"]) assert.equal(isTransient(failure({ name })), true, name);
    });

    it("passes when AWS itself fails or asks for patience, and not when it refuses", () => {
        assert.deepEqual([500, 503, 429, 400, 403].map(httpStatusCode => isTransient(failure({ $metadata: { httpStatusCode } }))), [true, true, true, false, false]);
        assert.deepEqual([isTransient(failure({ code: "CERT_HAS_EXPIRED" })), isTransient("no")], [false, false]);
    });
});
