import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { asJson, type CommandContext } from "../../../cli/context";
import { exitCodeOf } from "../../../cli/failure";
import { makeProgram } from "../../../cli/program";

describe("check-bundle", () => {
    let folder: string;
    beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "check-bundle-"))));
    afterEach(() => { rmSync(folder, { recursive: true }); });

    /** From the folder of the bundle, as a person does. */
    async function check(...words: readonly string[]): Promise<{ readonly code: number; readonly out: string }> {
        let out = "";
        let code: number | undefined;
        const program = makeProgram(async ({ json = false }, command) => {
            const print = (result: object, text: string): void => { out += json ? asJson(result) : text; };
            code = await command({ callerFolder: folder, print } as CommandContext);
        });
        await program.parseAsync(["check-bundle", ...words], { from: "user" });
        return { code: code ?? assert.fail("it did not run"), out };
    }

    it("ends with 0 for a bundle without errors", async () => {
        writeFileSync(join(folder, "appspec.yml"), "version: 0.0\nos: linux\n");
        assert.deepEqual(await check("."), { code: 0, out: ".: found nothing that would fail." });
    });

    it("ends with 0 for one that there are only warnings about", async () => {
        writeFileSync(join(folder, "appspec.yml"), "version: 0.0\nos: linux\nhoks: {}\n");
        const { code, out } = await check(".");
        assert.deepEqual([code, out.split("\n").at(-1)], [0, ".: found nothing that would fail, 1 warning."]);
    });

    it("ends with 1 for one that would fail, and tells a machine why", async () => {
        writeFileSync(join(folder, "appspec.yml"), "version: 0.0\nos: linux\nhooks: {AfterInstal: []}\n");
        const { code, out } = await check(".", "--json");
        assert.deepEqual([code, JSON.parse(out)], [1, {
            schemaVersion: 1, path: ".", verdict: "fails",
            findings: [{
                severity: "error", file: "appspec.yml", line: 3, event: "Install", errorCode: 5,
                happens: 'appspec.yml file contains unknown lifecycle events: ["AfterInstal"]', fix: "Is AfterInstall meant?",
            }],
        }]);
    });

    it("ends with 1 for one that could not be looked at, and does not call it good", async () => {
        writeFileSync(join(folder, "out.zip"), zipSync({ "appspec.yml": strToU8("version: 0.0\nos: linux\n"), "../../evil": strToU8("") }));
        const { code, out } = await check("out.zip", "--json");
        const { verdict, findings } = JSON.parse(out) as { verdict: string; findings: { severity: string; file: string }[] };
        assert.deepEqual([code, verdict, findings.map(({ severity, file }) => [severity, file])], [1, "notChecked", [["notChecked", "out.zip"]]]);
    });

    it("ends with 2 without a path, rather than to look at the folder that one stands in", async () => {
        await assert.rejects(check(""), (error: Error) => {
            assert.match(error.message, /^The path is empty/);
            assert.equal(exitCodeOf(error, new AbortController().signal), 2);
            return true;
        });
    });

    it("ends with 2 where there is no bundle", async () => {
        await assert.rejects(check("gone.zip"), (error: Error) => {
            assert.match(error.message, /gone\.zip cannot be read: No such file or directory/);
            assert.equal(exitCodeOf(error, new AbortController().signal), 2);
            return true;
        });
    });
});
