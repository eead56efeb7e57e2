import assert from "node:assert/strict";
import type { ColourSession } from "../../../../release/aws/blue-green/colour-session";
import { writeVerdict } from "../../../../release/aws/blue-green/roll-journal";
import type { ColourRollOptions } from "../../../../release/aws/blue-green/roll-options";
import { settleLeft } from "../../../../release/aws/blue-green/settle-left";
import { emptyColourDocument } from "../../../../release/blue-green/document";
import { beginRoll } from "../../../../release/blue-green/machine";
import type { Stage } from "../../../../release/stage";
import { FakeClock } from "../../../support/aws/fake-clock";
import { sampleRoll } from "../../blue-green/sample-roll";

const clients = { s3: { send: () => Promise.reject(new Error("no store")) } } as unknown as ColourSession["clients"];
const begun = { ...sampleRoll, shiftPercents: [10, 100] };

/** Goes on with a roll of 10 and 100 % and a watch of a minute, as far as no store is needed. */
function settle(wishes: Pick<ColourRollOptions, "shiftPercents" | "bakeSeconds">, told: string[] = []): Promise<unknown> {
    const session = {
        stage: { stack: "dev", releaseBucket: "bucket" }, signal: new AbortController().signal, clients,
        colours: { read: () => Promise.resolve({ value: { ...emptyColourDocument, roll: beginRoll(begun) } }) },
    } as unknown as ColourSession;
    return settleLeft(session, () => true, { ...wishes, tell: { step: (text: string) => void told.push(text) } } as unknown as ColourRollOptions);
}

describe("roll that was left and is wanted", () => {
    for (const wishes of [{}, { shiftPercents: [10, 100] }, { bakeSeconds: 60 }]) {
        it(`goes on when it was begun as is wanted: ${JSON.stringify(wishes)}`, async () => {
            const told: string[] = [];
            await assert.rejects(settle(wishes, told), (error: Error & { readonly kind?: string }) => error.kind !== "needsPerson");
            assert.deepEqual(told, ["roll bg-1 of release v2, which nobody drives any more, goes on"]);
        });
    }

    for (const [wishes, differs] of [
        [{ shiftPercents: [50, 100] }, "shares of 10, 100 %, and you ask for 50, 100 %"],
        [{ bakeSeconds: 0 }, "a watch of 60 s after each share, and you ask for 0 s"],
        [{ shiftPercents: [100], bakeSeconds: 5 }, "shares of 10, 100 %, and you ask for 100 %; with a watch of 60 s after each share, and you ask for 5 s"],
    ] as const) {
        it(`needs a person when it would go on otherwise: ${JSON.stringify(wishes)}`, async () => {
            await assert.rejects(settle(wishes), {
                kind: "needsPerson",
                message: `dev has an unfinished roll bg-1 of release v2, which would go on as it was begun: with ${differs}. `
                    + "Go back to what served: ./gapless abort dev. Go on with it: ./gapless roll dev v2.",
            });
        });
    }
});

describe("end of a roll that cannot be written into the journal", () => {
    it("is told as a warning", async () => {
        const told: string[] = [];
        const { s3 } = clients;
        await writeVerdict(s3, { stack: "dev", releaseBucket: "bucket" } as Stage, sampleRoll, { result: "stopped" }, undefined, { clock: new FakeClock(), tell: { warn: text => void told.push(text) } });
        assert.deepEqual(told, ["the journal could not be read, so ./gapless history dev does not say that roll bg-1 ended as stopped: no store"]);
    });
});
