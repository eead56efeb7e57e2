import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { faultNames } from "../../../rehearsal/faults/fault-names";
import { renderFaultsDocs } from "../../../rehearsal/faults/faults-docs";

describe("The page on faults", () => {
    it("is that of the catalogue", () => {
        const page = readFileSync(join(import.meta.dirname, "../../../docs/faults.md"), "utf8");
        assert.equal(page, renderFaultsDocs(), "run: node --import tsx rehearsal/faults/write-faults-docs.ts");
    });

    it("names every fault", () => {
        for (const name of faultNames) assert.ok(renderFaultsDocs().includes(`| \`${name}\` |`), name);
    });
});
