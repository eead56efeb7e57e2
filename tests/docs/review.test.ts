import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";

const root = join(import.meta.dirname, "../..");
const rows = readFileSync(join(root, "docs/review.md"), "utf8").split("\n").filter(line => /^\| \d+ \|/.test(line));

/** The quotations of a row: a file and words that stand in it. */
function quotations(row: string): readonly (readonly [file: string, words: string])[] {
    return [...row.matchAll(/`([^`]+)` "((?:[^"\\]|\\.)+)"/g)].map(([, file = "", words = ""]) => [file, words.replaceAll('\\"', '"')]);
}

describe("the review", () => {
    it("answers thirty points, each by a line that can be read", () => {
        assert.deepEqual(rows.map(row => Number(row.split("|")[1])), Array.from({ length: 30 }, (_, index) => index + 1));
        for (const row of rows) assert.ok(quotations(row).length > 0, `no quotation in: ${row}`);
    });

    it("quotes what is really there", () => {
        const missing = rows.flatMap(quotations).filter(([file, words]) => {
            const path = join(root, file);
            return !existsSync(path) || !readFileSync(path, "utf8").includes(words);
        });
        assert.deepEqual(missing, []);
    });
});
