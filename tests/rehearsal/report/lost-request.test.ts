import assert from "node:assert/strict";
import { type RequestRecord, sentMs } from "../../../rehearsal/load/request-record";
import { timedOut, wasAnswered, wasCut, wasRefused } from "../../../rehearsal/report/lost-request";
import { lostRequest, request, unsignedRequest } from "./material";

describe("A lost request", () => {
    const kinds = { answered: wasAnswered, timedOut, cut: wasCut, refused: wasRefused };

    for (const [what, lost, kind] of [
        ["ended by ECONNRESET", lostRequest(), "cut"],
        ["cut in its answer", lostRequest({ status: 200, version: "v1" }), "cut"],
        ["given up", lostRequest({ error: "ETIMEDOUT" }), "timedOut"],
        ["answered with 500 by whoever it was", unsignedRequest({ status: 500 }), "answered"],
        ["answered with 502 by the balancer", unsignedRequest({ status: 502 }), "cut"],
        ["answered with 503 by the balancer", unsignedRequest({ status: 503 }), "refused"],
        ["answered with 504 by the balancer", unsignedRequest({ status: 504 }), "timedOut"],
        ["answered with 502 by a service that says its release", request({ status: 502 }), "answered"],
        ["answered with 503 by a service that says its instance", unsignedRequest({ status: 503, instance: "i-1" }), "answered"],
    ] as const satisfies readonly (readonly [string, RequestRecord, keyof typeof kinds])[]) {
        it(`is ${kind} when it was ${what}, and nothing else`, () => {
            assert.deepEqual(Object.entries(kinds).filter(([, is]) => is(lost)).map(([name]) => name), [kind]);
        });
    }

    it("was sent when it was due, and as much later as the generator was", () => {
        assert.equal(sentMs(lostRequest({ dueMs: 1000, lagMs: 2.5 })), 1002.5);
    });
});
