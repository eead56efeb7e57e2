import assert from "node:assert/strict";
import { rollTo } from "../../../../release/aws/blue-green/begin-roll";
import type { ColourSession } from "../../../../release/aws/blue-green/colour-session";
import type { ColourRollOptions } from "../../../../release/aws/blue-green/roll-options";

/** Begins a roll as far as AWS has to be asked for it. */
function begin(stop: AbortSignal): Promise<unknown> {
    const { signal } = new AbortController();
    const aws = { send: () => Promise.reject(new Error("AWS was asked")) };
    const session = { clients: { s3: aws, ecr: aws }, stage: { stack: "dev", releaseBucket: "bucket" }, signal } as unknown as ColourSession;
    return rollTo(session, "v2", undefined, { stop, signal } as unknown as ColourRollOptions);
}

describe("begin of a roll", () => {
    it("asks AWS for its release first", async () => {
        await assert.rejects(begin(new AbortController().signal), /AWS was asked/);
    });

    it("does nothing where a person's wish to end has come while an earlier roll was finished", async () => {
        const wish = new Error("interrupted (SIGINT)");
        await assert.rejects(begin(AbortSignal.abort(wish)), error => error === wish);
    });
});
