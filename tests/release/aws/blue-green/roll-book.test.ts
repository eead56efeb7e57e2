import assert from "node:assert/strict";
import { RollBook } from "../../../../release/aws/blue-green/roll-book";
import { JsonDocument } from "../../../../release/aws/document";
import { type ColourDocument, colourDocument, emptyColourDocument } from "../../../../release/blue-green/document";
import { RollTakenOver } from "../../../../release/blue-green/drive";
import { beginRoll, type RollState } from "../../../../release/blue-green/machine";
import { coloursKey } from "../../../../release/store-keys";
import { FakeClock } from "../../../support/aws/fake-clock";
import { sampleRoll } from "../../blue-green/sample-roll";
import { awsError, S3Double } from "../s3-double";

const start = beginRoll(sampleRoll);
const later = { ...start, at: 1 };
const ended: RollState = { roll: sampleRoll, phase: "ended", outcome: "succeeded", left: [] };

function open() {
    const s3 = new S3Double();
    const clock = new FakeClock();
    const told: string[] = [];
    const ends: RollState[] = [];
    const document = new JsonDocument(s3.client, "bucket", coloursKey, colourDocument, emptyColourDocument, clock, 0.005);
    const book = new RollBook({
        stack: "dev", document, clock, release: { version: "v2", image: "i@2" }, signal: new AbortController().signal, warn: text => void told.push(text),
        endOf: () => Promise.resolve(undefined), writeEnd: end => { ends.push(end); return Promise.resolve(); },
    });
    const write = (change: Partial<ColourDocument>): Promise<unknown> => document.change(before => ({ ...before, ...change }));
    return { s3, clock, told, ends, document, book, write, read: async () => (await document.read()).value };
}

const silence = "s3://bucket/colours.json: AWS has not answered in 0.005 seconds. Look at the network and the proxy, then run the command again";

describe("book of a roll", () => {
    it("reads a wish at the next look when S3 does not answer, and says so once", async () => {
        const { s3, book, told, write } = open();
        await book.keep(start);
        await write({ stopRequested: "wrong release" });
        s3.hangs = true;
        assert.deepEqual([await book.stopRequested(), await book.stopRequested()], [undefined, undefined]);
        s3.hangs = false;
        assert.equal(await book.stopRequested(), "wrong release");
        assert.deepEqual(told, [`whether somebody wants the roll to end cannot be read now, and is asked again: ${silence}.`]);
    });

    it("writes a state down once S3 answers again", async () => {
        const { s3, clock, book, told, read } = open();
        s3.hangs = true;
        clock.meanwhile(waits => { s3.hangs = waits < 3; });
        await book.keep(start);
        assert.deepEqual((await read()).roll, start);
        assert.deepEqual(told, [`AWS cannot be asked now, and is asked again for 1 minutes: TimeoutError: ${silence}`, "AWS answers again."]);
    });

    it("waits for S3 a minute and no longer while the roll is on its way, and no second one before it goes back", async () => {
        const { s3, clock, book } = open();
        await book.keep(start);
        s3.hangs = true;
        const over = `AWS could not be asked for 1 minutes, last: TimeoutError: ${silence}. How the roll stands: ./gapless status dev.`;
        await assert.rejects(book.keep(later), { message: over });
        const { waited } = clock;
        assert.ok(waited >= 60 && waited < 75, `${waited} s`);
        await assert.rejects(book.keep({ roll: sampleRoll, phase: "back", at: 0, cause: { by: "failure", reason: over }, left: [] }), { message: over });
        assert.equal(clock.waited, waited);
    });

    it("waits longer for S3 at the end, when nothing more has to be watched", async () => {
        const { s3, clock, book } = open();
        await book.keep(start);
        s3.hangs = true;
        await assert.rejects(book.keep(ended), /for 10 minutes/);
        assert.ok(clock.waited >= 600);
    });

    it("takes it as written when the answer got lost", async () => {
        const { s3, book, read } = open();
        await book.keep(start);
        s3.beforeWrites.push(body => {
            s3.put(coloursKey, body);
            throw awsError("InternalError", 500);
        });
        await book.keep(later);
        assert.deepEqual((await read()).roll, later);
    });

    it("writes nothing over what somebody else has gone on with", async () => {
        const { book, write, read } = open();
        await book.keep(start);
        await write({ roll: { ...start, at: 3 } });
        await assert.rejects(book.keep(later), new RollTakenOver("somebody else has gone on with roll bg-1, so this begins nothing more"));
        assert.deepEqual((await read()).roll, { ...start, at: 3 });
        await write({ roll: null });
        await assert.rejects(book.keep(later), (error: unknown) => error instanceof RollTakenOver);
        assert.equal((await read()).roll, null);
    });

    it("goes on beside a wish, which it leaves there, and clears it at the end", async () => {
        const { book, write, read, ends } = open();
        await book.keep(start);
        await write({ stopRequested: "wrong release" });
        await book.keep(later);
        assert.equal((await read()).stopRequested, "wrong release");
        await book.keep(ended);
        assert.deepEqual([(await read()).stopRequested, (await read()).roll, ends], [null, null, [ended]]);
    });

    it("heeds no wish that was meant for a roll before", async () => {
        const { book, write } = open();
        await write({ stopRequested: "of last week" });
        await book.keep(start);
        assert.equal(await book.stopRequested(), undefined);
    });
});
