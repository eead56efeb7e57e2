import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dirname, "..", "..");

/** Packages, by name, that a run of `./gapless` loads. */
function packagesOf(...words: readonly string[]): { readonly status: number | null; readonly packages: ReadonlySet<string> } {
    const folder = mkdtempSync(join(tmpdir(), "gapless-modules-"));
    try {
        const file = join(folder, "modules");
        const NODE_OPTIONS = `--import=${join(root, "tests", "support", "loaded-modules.mjs")}`;
        const { status } = spawnSync("./gapless", words, { cwd: root, env: { ...process.env, NODE_OPTIONS, LOADED_MODULES: file } });
        const names = readFileSync(file, "utf8").split("\n").flatMap(path => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []);
        return { status, packages: new Set(names) };
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}

describe("start of the command line", () => {
    for (const words of [["--help"], ["deploy", "--help"], ["reherse"]]) {
        it(`loads nothing but its own words and their parser for '${words.join(" ")}'`, () => {
            assert.deepEqual([...packagesOf(...words).packages], ["commander"]);
        });
    }

    it("loads the translator with the first command that runs", () => {
        const { status, packages } = packagesOf("recipe", "nowhere");
        assert.equal(status, 2);
        assert.ok(packages.has("tsx"), [...packages].join());
        assert.ok(packages.has("zod"), [...packages].join());
    });

    it("loads Pulumi with none of the commands that ask AWS alone", () => {
        const { packages } = packagesOf("status", "nowhere");
        assert.deepEqual([...packages].filter(name => name.startsWith("@pulumi/")), []);
    });

    for (const [what, line] of [
        ["help", "./gapless --help | true"],
    ]) {
        it(`does not mind that nobody reads ${what}`, () => {
            const { stderr } = spawnSync("bash", ["-c", line ?? ""], { cwd: root, encoding: "utf8" });
            assert.equal(stderr, "");
        });
    }

    it("keeps its exit code when nobody reads what it complains of", () => {
        const { stdout } = spawnSync("bash", ["-c", "./gapless recipe nowhere 2>&1 | true; echo ${PIPESTATUS[0]}"], { cwd: root, encoding: "utf8" });
        assert.equal(stdout, "2\n");
    });

    it("tells a machine nothing by itself of a command that prints its own stream", () => {
        const { status, stdout } = spawnSync("./gapless", ["logs", "nowhere", "--json"], { cwd: root, encoding: "utf8" });
        assert.deepEqual({ status, stdout }, { status: 2, stdout: "" });
    });

    it("fails with one line when its result cannot be written", () => {
        const { status, stderr } = spawnSync("bash", ["-c", "./gapless --help >/dev/full"], { cwd: root, encoding: "utf8" });
        assert.equal(stderr, "The result cannot be written: ENOSPC: no space left on device, write\n");
        assert.equal(status, 1);
    });

    it("gives a machine an answer also when the command is refused", () => {
        const { status, stdout } = spawnSync("./gapless", ["status", "nowhere", "--json"], { cwd: root, encoding: "utf8" });
        assert.equal(status, 2);
        const { error, ...told } = JSON.parse(stdout) as { readonly error: string };
        assert.deepEqual(told, { schemaVersion: 1, result: "refused", exitCode: 2 });
        assert.match(error, /^There is no stack nowhere: /);
    });
});
