import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { exitCodes } from "../../cli/exit-code";
import { makeProgram } from "../../cli/program";

const root = join(import.meta.dirname, "..", "..");

/** Rows of the table of a page that begins with this heading, without their leading and trailing bars. */
function rowsOf(page: string, heading: string): readonly (readonly string[])[] {
    const lines = readFileSync(join(root, page), "utf8").split("\n");
    const begin = lines.findIndex(line => line.startsWith(`| ${heading} |`));
    assert.notEqual(begin, -1, `${page} has no table of ${heading}`);
    const length = lines.slice(begin).findIndex(line => !line.startsWith("|"));
    return lines.slice(begin + 2, begin + length).map(line => line.split("|").slice(1, -1).map(cell => cell.trim()));
}

describe("page of the command line", () => {
    const program = makeProgram(() => assert.fail("it ran"));

    it("names every command once, in the order of --help", () => {
        const named = rowsOf("docs/commands.md", "command").map(([cell = ""]) => cell.replaceAll("`", ""));
        assert.deepEqual(named, program.commands.map(command => command.name()));
    });

    it("names only options that there are", () => {
        const known = new Set(program.commands.flatMap(command => command.options.map(({ long }) => long)));
        const named = readFileSync(join(root, "docs", "commands.md"), "utf8").match(/--[a-z-]+(?=[`\s,;])/g) ?? [];
        assert.deepEqual(named.filter(option => option !== "--help" && !known.has(option)), []);
    });

    for (const page of ["docs/commands.md", "README.md"]) {
        it(`has every exit code in the one table of ${page}`, () => {
            assert.deepEqual(rowsOf(page, "exit code").map(([code]) => Number(code)), Object.values(exitCodes));
        });
    }
});
