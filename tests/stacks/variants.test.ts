import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { parse } from "yaml";
import { buildFromDefaults, type Given } from "./variant";

/** A row of the table in docs/variants.md. */
interface Variant {
    readonly name: string;
    readonly settings: Given;
    readonly has: readonly string[];
    readonly hasNot: readonly string[];
}

const text = readFileSync(join(import.meta.dirname, "../../docs/variants.md"), "utf8");
const variants = text.split("\n").filter(line => line.startsWith("| ")).slice(1).map(readRow);

function readRow(line: string): Variant {
    const [, name = "", settings = "", has = "", hasNot = ""] = line.split("|").map(cell => cell.trim());
    return { name, settings: parse(words(settings)[0] ?? "") as Given, has: words(has), hasNot: words(hasNot) };
}

function words(cell: string): readonly string[] {
    return [...cell.matchAll(/`([^`]+)`/g)].map(([, word = ""]) => word);
}

describe("the table of variants", () => {
    it("has a row for everything that a setting can choose", () => {
        assert.ok(variants.length > 20, `${variants.length} rows`);
        for (const { name, has } of variants) assert.ok(has.length > 0, `${name} names no resource`);
    });

    for (const { name, settings, has, hasNot } of variants) {
        it(`tells what there is in: ${name}`, async () => {
            const names = (await buildFromDefaults("dev", settings)).names();
            assert.deepEqual(has.filter(resource => !names.includes(resource)), [], `missing of ${names.join(", ")}`);
            assert.deepEqual(hasNot.filter(resource => names.includes(resource)), [], "too much");
        });
    }
});
