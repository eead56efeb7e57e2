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

function linesOf(file: string): readonly string[] {
    const path = join(root, file);
    return existsSync(path) ? readFileSync(path, "utf8").split("\n") : [];
}

describe("the review", () => {
    it("answers thirty points, each by a line that can be read", () => {
        assert.deepEqual(rows.map(row => Number(row.split("|")[1])), Array.from({ length: 30 }, (_, index) => index + 1));
        for (const row of rows) assert.ok(quotations(row).length > 0, `no quotation in: ${row}`);
    });

    it("quotes what is really there, and of tests what they are called", () => {
        const missing = rows.flatMap(quotations).filter(([file, words]) => !linesOf(file).some(line =>
            line.includes(words) && (!file.startsWith("tests/") || /\b(?:it|describe)\(/.test(line))));
        assert.deepEqual(missing, []);
    });

    it("has a test for each point, or says why it has none", () => {
        const untested = rows.filter(row => !/`tests\//.test(row) && !/No test:/.test(row)).map(row => row.slice(0, 60));
        assert.deepEqual(untested, []);
    });
});
