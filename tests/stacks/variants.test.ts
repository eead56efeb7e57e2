import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "mocha";
import { parse } from "yaml";
import { stageParameter } from "../../release/stage";
import { settings } from "../../stacks/settings-schema";
import type { Registered } from "../support/registered";
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

/** Whether a stack has what a word names: a resource, an argument of one, or one of a certain value. */
function has(made: Registered, word: string): boolean {
    const resource = made.all.find(({ name }) => word === name || word.startsWith(`${name}.`));
    if (!resource) return false;
    const [path = "", value] = word.slice(resource.name.length).split("=");
    const found = path.split(".").slice(1).reduce<unknown>((inputs, key) => (inputs as Given | undefined)?.[key], resource.inputs);
    return value === undefined ? found !== undefined : String(found) === value;
}

/** Settings whose values make no other variant: how big, how long, or which file of a stage. */
const noVariants = ["stage", "buildCompute", "logRetentionDays", "httpOnly"];

/** Each value that a setting chooses among, but for its default. */
function choices(): readonly (readonly [setting: string, value: unknown])[] {
    return [...settings].filter(([name]) => !noVariants.includes(name)).flatMap(([name, { rule, default: usual }]) => {
        const values: readonly unknown[] = rule === "true or false" ? [true, false] : (/^one of: (.*)$/.exec(rule)?.[1]?.split(", ") ?? []);
        return values.filter(value => value !== usual).map(value => [name, value] as const);
    });
}

describe("the table of variants", () => {
    let plain: Registered;
    before(async () => { plain = await buildFromDefaults("dev", {}); });

    it("has a row for everything that a setting can choose", () => {
        const missing = choices().filter(([name, value]) => !variants.some(({ settings }) => settings[name] === value));
        assert.deepEqual(missing, []);
    });

    it("names in each row what a plain stack has not, or misses what it has", () => {
        const alike = variants.slice(1).filter(({ has: own, hasNot }) => own.every(word => has(plain, word)) && !hasNot.some(word => has(plain, word)));
        assert.deepEqual(alike.map(({ name }) => name), []);
    });

    for (const { name, settings, has: own, hasNot } of variants) {
        it(`tells what there is in: ${name}`, async () => {
            const made = await buildFromDefaults("dev", settings);
            assert.deepEqual(own.filter(word => !has(made, word)), [], `missing of ${made.names().join(", ")}`);
            assert.deepEqual(hasNot.filter(word => has(made, word)), [], "too much");
            // Whatever a stack is, the command line can read what it has written down.
            stageParameter.parse(JSON.parse(String(made.named("web-stage-parameter").inputs["value"])));
        });
    }
});
