import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { before, describe, it } from "mocha";
import { buildOneFile, type OneFile, translateOneFile } from "../../cli/build-one-file";
import { ProjectCopy } from "../support/project-copy";

const root = join(import.meta.dirname, "../..");

describe("the command line in one file", function () {
    this.timeout(60_000);
    let built: OneFile;
    let text: Buffer;
    before(async () => {
        built = await buildOneFile();
        text = await readFile(join(root, built.file));
    });

    /** Runs it where there is nothing else, with Node.js alone. */
    async function runAlone(words: readonly string[], env: Readonly<Record<string, string>> = {}) {
        const folder = await mkdtemp(join(tmpdir(), "gapless-one-file-"));
        try {
            await writeFile(join(folder, "gapless.mjs"), text);
            return await execa(process.execPath, ["gapless.mjs", ...words], {
                cwd: folder, reject: false, extendEnv: false, env: { HOME: folder, PATH: "/usr/bin:/bin", ...env },
            });
        } finally {
            await rm(folder, { recursive: true });
        }
    }

    it("lies under the hash of its bytes, below the folder of what is made", () => {
        const sha256 = createHash("sha256").update(text).digest("hex");
        assert.deepEqual(built, { file: `.gapless/one-file/${sha256}.mjs`, sha256 });
    });

    it("is built once in a process", () => {
        assert.equal(buildOneFile(), buildOneFile());
    });

    it("has the same bytes whenever and wherever it is built, and knows no machine", async () => {
        await using copy = await ProjectCopy.make();
        const here = await translateOneFile(copy.folder);
        const elsewhere = `${copy.folder}-elsewhere`;
        await rename(copy.folder, elsewhere);
        const there = await translateOneFile(elsewhere);
        await rename(elsewhere, copy.folder);
        assert.equal(Buffer.compare(here, there), 0);
        assert.equal(text.includes(root), false);
    });

    it("has what AWS needs and neither Pulumi nor a translator, in less than 12 MB", () => {
        assert.ok(text.includes("ListActionExecutions"));
        for (const other of ["node_modules/@pulumi/", "node_modules/tsx/", "node_modules/esbuild/"]) assert.equal(text.includes(other), false, other);
        assert.ok(text.length < 12_000_000, `${text.length} bytes`);
    });

    it("runs alone, with the commands that need nothing but AWS", async () => {
        const { exitCode, stdout, stderr } = await runAlone(["--help"]);
        assert.deepEqual([exitCode, stderr], [0, ""]);
        assert.deepEqual([...stdout.matchAll(/^ {2}([a-z-]+) \[options\] <stack>/gm)].map(([, name]) => name), [
            "roll", "rollback", "flip", "abort", "status", "history", "logs", "refresh-instances", "record",
        ]);
    });

    it("refuses what it does not know", async () => {
        const { exitCode, stderr } = await runAlone(["deploy", "dev"]);
        assert.deepEqual([exitCode, stderr], [2, "error: unknown command 'deploy'\nRun it with --help to see the commands."]);
    });

    it("says what is wrong without a stack of calls", async () => {
        const { exitCode, stderr } = await runAlone(["record", "dev", "--execution", "1"]);
        assert.equal(exitCode, 2);
        assert.match(stderr, /^release\.env cannot be read \(ENOENT.*\)\. Run this in the folder of a release\.$/);
    });
});
