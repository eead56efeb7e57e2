import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "..", "..");

function gapless(...words: string[]): { readonly code: number | null; readonly out: string; readonly err: string } {
    const { status, stdout, stderr } = spawnSync("./gapless", words, { cwd: root, encoding: "utf8" });
    return { code: status, out: stdout, err: stderr };
}

describe("command line", () => {
    it("shows its commands and exits 0", () => {
        const { code, out } = gapless("--help");
        assert.equal(code, 0);
        assert.match(out, /rehearse/);
        assert.match(out, /test/);
    });

    for (const [what, words, message] of [
        ["an unknown command", ["reherse"], /unknown command 'reherse'[\s\S]*rehearse/],
        ["an unknown stage", ["rehearse", "production"], /production[\s\S]*one of dev, stg, prod/],
        ["an unknown option", ["rehearse", "--fast"], /unknown option '--fast'/],
        ["an unknown kind of release", ["rehearse", "--release", "ugly"], /good, broken, failing/],
        ["a rate that is no number", ["rehearse", "--rate", "many"], /many[\s\S]*whole number from 1 to 2000/],
        ["a port out of range", ["rehearse", "--port", "70000"], /whole number from 1 to 65535/],
        ["no command", [], /Usage: gapless/],
    ] as const) {
        it(`refuses ${what} with exit code 2`, () => {
            const { code, out, err } = gapless(...words);
            assert.equal(code, 2, err);
            assert.match(err, message);
            assert.equal(out, "");
        });
    }

    it("refuses a single instance under half-at-a-time with the setting to change", () => {
        const { code, err } = gapless("rehearse", "--instances", "1");
        assert.equal(code, 2);
        assert.match(err, /minSize[\s\S]*1/);
    });
});
