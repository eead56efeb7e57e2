import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dirname, "..", "..", "..");

describe("check-bundle", () => {
    let folder: string;
    beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "check-bundle-"))));
    afterEach(() => { rmSync(folder, { recursive: true }); });

    /** From the folder of the bundle, as a person does. */
    function check(...words: readonly string[]): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
        return spawnSync(join(root, "gapless"), ["check-bundle", ...words], { cwd: folder, encoding: "utf8" });
    }

    it("ends with 0 for a bundle without errors", () => {
        writeFileSync(join(folder, "appspec.yml"), "version: 0.0\nos: linux\n");
        const { status, stdout } = check(".");
        assert.deepEqual([status, stdout], [0, ".: nothing found. A host takes this bundle.\n"]);
    });

    it("ends with 1 for one that would fail, and tells a machine why", () => {
        writeFileSync(join(folder, "appspec.yml"), "version: 0.0\nos: linux\nhooks: {AfterInstal: []}\n");
        const { status, stdout } = check(".", "--json");
        assert.equal(status, 1);
        const { schemaVersion, verdict, findings } = JSON.parse(stdout) as { schemaVersion: number; verdict: string; findings: readonly object[] };
        assert.deepEqual([schemaVersion, verdict, findings], [1, "fails", [{
            severity: "error", file: "appspec.yml", line: 3, event: "Install", errorCode: 5,
            happens: 'appspec.yml file contains unknown lifecycle events: ["AfterInstal"]', fix: "Is AfterInstall meant?",
        }]]);
    });

    it("ends with 2 where there is no bundle", () => {
        const { status, stdout, stderr } = check("gone.zip");
        assert.deepEqual([status, stdout], [2, ""]);
        assert.match(stderr, /gone\.zip cannot be read: No such file or directory/);
    });
});
