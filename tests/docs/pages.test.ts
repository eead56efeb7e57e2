import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, it } from "mocha";
import { parse } from "yaml";
import { standInFor } from "../../rehearsal/program/encrypted-stand-ins";
import { readStackConfig } from "../../rehearsal/program/stack-config";
import { readSettings } from "../../stacks/settings";

const root = join(import.meta.dirname, "../..");
const pages = ["README.md", ...["docs", "docs/ways-in", "docs/ways-to-run", "docs/decisions"].flatMap(folder =>
    readdirSync(join(root, folder)).filter(file => file.endsWith(".md")).map(file => `${folder}/${file}`))];
const textOf = (page: string) => readFileSync(join(root, page), "utf8");

/** What a page tells to write into a stack file. */
function stackFiles(page: string): readonly string[] {
    return [...textOf(page).matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, block = ""]) => block).filter(block => /^config:/m.test(block));
}

/** The settings of an example; what it has encrypted, as a rehearsal would have it. */
function inClear(config: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
    return Object.fromEntries(Object.entries(config).map(([key, value]) => {
        const isEncrypted = typeof value === "object" && value !== null && "secure" in value;
        return [key, isEncrypted ? standInFor(key, "eu-central-1") : value];
    }));
}

/** The folders and files of examples are the reader's. */
const kindOfTheirs = (path: string) => (/Dockerfile[^/]*$/.test(path) ? "file" : "folder");

describe("the pages of docs/", () => {
    for (const page of pages.filter(page => stackFiles(page).length > 0)) {
        it(`show settings that a stack takes, in ${page}`, () => {
            const stack = page.includes("ways-in") ? "prod" : "dev";
            for (const block of stackFiles(page)) {
                const { config } = parse(block) as { config: Readonly<Record<string, unknown>> };
                const own = { ...readStackConfig(root, stack).config, ...(stack === "prod" && { "gapless:httpOnly": false }) };
                assert.doesNotThrow(() => readSettings({ project: "gapless", stack, config: { ...own, ...inClear(config) }, kindOf: kindOfTheirs }), block);
            }
        });
    }

    it("show settings for each way in and each way to run", () => {
        const silent = pages.filter(page => /ways-/.test(page) && stackFiles(page).length === 0);
        assert.deepEqual(silent, []);
    });

    it("lead to pages and files that are there", () => {
        const dead = pages.flatMap(page => [...textOf(page).matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)]
            .map(([, target = ""]) => [page, target] as const)
            .filter(([page, target]) => !existsSync(join(root, dirname(page), target))));
        assert.deepEqual(dead, []);
    });
});
