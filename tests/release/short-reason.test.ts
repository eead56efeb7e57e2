import assert from "node:assert/strict";
import { shortReason } from "../../release/short-reason";

describe("short reason", () => {
    for (const [long, short] of [
        ["The overall deployment failed because too many individual instances failed deployment, too few healthy instances are available for deployment, or some instances in your deployment group are experiencing problems.",
            "too many instances failed, or too few are healthy"],
        ["HEALTH_CONSTRAINTS: The overall deployment failed because too many individual instances failed deployment.", "too many instances failed, or too few are healthy"],
        ["MANUAL_STOP: ann stopped it. Twice.", "MANUAL_STOP: ann stopped it"],
        ["Stopped by ann. And she had reasons.", "Stopped by ann"],
        ["no instances", "no instances"],
        ["See 10.0.0.1\nfor more! Really.", "See 10.0.0.1 for more!"],
    ] as const) {
        it(`is "${short}"`, () => { assert.equal(shortReason(long), short); });
    }
});
