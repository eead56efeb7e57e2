import assert from "node:assert/strict";
import fc from "fast-check";
import { z } from "zod";
import { JsonDocument } from "../../../release/aws/document";
import { DeliveryError } from "../../../release/aws/error";
import { isTransient } from "../../../release/aws/transient";
import { FakeClock } from "../../support/aws/fake-clock";
import { awsError, S3Double } from "./s3-double";

const schema = z.object({ schemaVersion: z.literal(1), names: z.array(z.string()) });
type Names = z.output<typeof schema>;
const nobody: Names = { schemaVersion: 1, names: [] };
const add = (name: string) => (value: Names): Names => ({ ...value, names: [...value.names, name] });

function open(): { readonly s3: S3Double; readonly clock: FakeClock; readonly document: JsonDocument<Names> } {
    const s3 = new S3Double();
    const clock = new FakeClock();
    return { s3, clock, document: new JsonDocument(s3.client, "bucket", "names.json", schema, nobody, clock) };
}

describe("JSON document", () => {
    it("is empty before the first change, which is written only where there is nothing", async () => {
        const { s3, document } = open();
        assert.deepEqual(await document.read(), { value: nobody });
        assert.deepEqual(await document.change(add("ann")), { schemaVersion: 1, names: ["ann"] });
        assert.deepEqual(await document.change(add("bob")), { schemaVersion: 1, names: ["ann", "bob"] });
        assert.deepEqual(s3.calls, ["get names.json", "get names.json", "put names.json new", "get names.json", "put names.json \"1\""]);
        assert.deepEqual((await document.read()).value.names, ["ann", "bob"]);
    });

    it("takes in what somebody else wrote first, after a pause", async () => {
        const { s3, clock, document } = open();
        s3.beforeWrites.push(() => { s3.put("names.json", JSON.stringify({ schemaVersion: 1, names: ["eve"] })); });
        await document.change(add("ann"));
        assert.deepEqual((await document.read()).value.names, ["eve", "ann"]);
        assert.equal(clock.waits.length, 1);
        assert.ok(clock.waited < 2);
    });

    for (const [what, error] of [
        ["is being written at this moment", awsError("ConditionalRequestConflict", 409)],
        ["was removed meanwhile", awsError("NoSuchKey", 404)],
    ] as const) {
        it(`is changed in the next try when it ${what}`, async () => {
            const { s3, document } = open();
            s3.beforeWrites.push(error);
            assert.deepEqual((await document.change(add("ann"))).names, ["ann"]);
        });
    }

    it("is not written when there is nothing to change", async () => {
        const { s3, document } = open();
        assert.equal(await document.change(value => value), nobody);
        assert.deepEqual(s3.calls, ["get names.json"]);
    });

    it("loses no change of any, however many write at the same time", async () => {
        await fc.assert(fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 2, maxLength: 6 }), async pauses => {
            const { s3, document } = open();
            // Each write is looked at some turns later, so that others come in between.
            s3.beforeWrites.push(...pauses.map(turns => async () => { for (let n = 0; n < turns; n += 1) await Promise.resolve(); }));
            const names = pauses.map((_, n) => `writer ${n}`);
            await Promise.all(names.map(name => document.change(add(name))));
            assert.deepEqual((await document.read()).value.names.toSorted(), names);
        }), { numRuns: 50 });
    });

    it("gives up when somebody else is always faster", async () => {
        const { s3, clock, document } = open();
        for (let n = 0; n < 20; n += 1) s3.beforeWrites.push(awsError("PreconditionFailed", 412));
        await assert.rejects(document.change(add("ann")), new DeliveryError(
            "s3://bucket/names.json cannot be changed: in 20 tries somebody else was faster each time. Run the command again.",
        ));
        assert.ok(clock.waits.every(seconds => seconds <= 2));
    });

    for (const [what, call] of [["read", document => document.read()], ["changed", document => document.change(add("ann"))]] as const satisfies [string, (document: JsonDocument<Names>) => Promise<unknown>][]) {
        it(`is not ${what} for ever when AWS does not answer`, async () => {
            const { s3 } = open();
            s3.hangs = true;
            await assert.rejects(call(new JsonDocument(s3.client, "bucket", "names.json", schema, nobody, new FakeClock(), 0.01)), (error: Error) => {
                assert.equal(error.message, "s3://bucket/names.json: AWS has not answered in 0.01 seconds. Look at the network and the proxy, then run the command again.");
                return isTransient(error);
            });
        });
    }

    it("is left alone by Ctrl-C while AWS does not answer", async () => {
        const { s3, document } = open();
        s3.hangs = true;
        for (const call of [document.read(AbortSignal.timeout(1)), document.change(add("ann"), AbortSignal.timeout(1))]) await assert.rejects(call, { name: "AbortError" });
    });

    it("tells a refusal as it is", async () => {
        const { s3, document } = open();
        s3.beforeWrites.push(awsError("AccessDenied", 403));
        await assert.rejects(document.change(add("ann")), { name: "AccessDenied" });
    });

    for (const [what, body, message] of [
        ["is no JSON", "{", "s3://bucket/names.json is not what Gapless writes there, and is left as it is:\nIt is no JSON.\n"
            + "The bucket keeps its earlier versions, of which the last good one has to be put back. To see them: aws s3api list-object-versions --bucket bucket --prefix names.json"],
        ["lacks something", "{\"schemaVersion\":1}", "s3://bucket/names.json is not what Gapless writes there, and is left as it is:\n"
            + "✖ Invalid input: expected array, received undefined\n  → at names\nThe bucket keeps its earlier versions, of which the last good one has to be put back. To see them: aws s3api list-object-versions --bucket bucket --prefix names.json"],
        ["is newer than this program", "{\"schemaVersion\":2,\"names\":{}}",
            "s3://bucket/names.json is of schemaVersion 2, and this version of Gapless knows 1: take the newer one that wrote it."],
    ] as const) {
        it(`is refused and left alone when it ${what}`, async () => {
            const { s3, document } = open();
            s3.put("names.json", body);
            await assert.rejects(document.read(), { name: "DeliveryError", message });
            await assert.rejects(document.change(add("ann")), { name: "DeliveryError", message });
            assert.equal(s3.objects.get("names.json")?.body, body);
        });
    }
});
