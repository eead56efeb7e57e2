import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { renderReportJsonSchema } from "../../../rehearsal/report/json-schema";
import { largeColours, largeFailing } from "./html/large-material";

const file = join(import.meta.dirname, "../../../docs/report.schema.json");

describe("The published schema of the report", () => {
    const published = (): z.ZodType => z.fromJSONSchema(JSON.parse(readFileSync(file, "utf8")) as Parameters<typeof z.fromJSONSchema>[0]);

    it("is that of the program", () => {
        assert.equal(readFileSync(file, "utf8"), renderReportJsonSchema(), "run: node --import tsx rehearsal/report/write-json-schema.ts");
    });

    it("takes a report of either strategy", () => {
        for (const report of [largeFailing(), largeColours()]) {
            assert.deepEqual(published().safeParse(JSON.parse(JSON.stringify(report))).error?.issues ?? [], []);
        }
    });

    it("allows further members anywhere, as a later version may write them", () => {
        const { requests, ...report } = largeFailing();
        const later = { ...report, extra: 1, requests: { ...requests, extra: 1 } };
        assert.deepEqual(published().safeParse(JSON.parse(JSON.stringify(later))).error?.issues ?? [], []);
        assert.doesNotMatch(readFileSync(file, "utf8"), /additionalProperties": false|9007199254740991/);
    });

    it("has a name, and says what its members mean", () => {
        const { $id, oneOf: [{ properties }] } = JSON.parse(readFileSync(file, "utf8")) as { $id: string; oneOf: [{ properties: Record<string, { description?: string }> }] };
        assert.equal($id, "urn:gapless:report:2");
        assert.equal(properties["timeScale"]?.description, "Factor on what the service waited for; 1 = as long as on AWS.");
        assert.ok(JSON.stringify(properties["events"]).includes('"atMs":{"type":"number","description":"Milliseconds since 1970."}'));
    });

    for (const [what, broken] of [
        ["of another version", { schemaVersion: 1 }],
        ["with a verdict that there is not", { verdict: "fine" }],
        ["with a member that is missing", { requests: undefined }],
    ] as const) {
        it(`refuses a report ${what}`, () => {
            assert.equal(published().safeParse(JSON.parse(JSON.stringify({ ...largeFailing(), ...broken }))).success, false);
        });
    }
});
