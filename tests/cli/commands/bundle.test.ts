import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundle, writeBundle } from "../../../cli/commands/bundle";
import { exitCodeOf } from "../../../cli/failure";
import type { Recipe } from "../../../cli/commands/recipe";
import { readReleaseScripts, makeRelease, zipRelease } from "../../../release/bundle";

const image = `registry.test/app@sha256:${"a".repeat(64)}`;
const other = `registry.test/app@sha256:${"b".repeat(64)}`;
const recipe: Recipe = {
    image: { context: "app", dockerfile: "app/Dockerfile.prod", args: {}, platform: "linux/amd64", tag: "build-abc" },
    release: { containerPort: 8080, healthPath: "/health", probePath: "/", healthTimeoutSeconds: 3, stopGraceSeconds: 30, environment: { GREETING: "hello" } },
};
const prebuilt: Recipe = { ...recipe, image: { prebuilt: image } };
const usage = (message: RegExp) => (error: Error) => {
    assert.match(error.message, message);
    assert.equal(exitCodeOf(error, new AbortController().signal), 2);
    return true;
};

describe("bundle", () => {
    let folder: string;
    beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "bundle-"))));
    afterEach(() => { rmSync(folder, { recursive: true }); });

    const release = bundle(recipe, image, "app-scripts");

    it("is the release that the recipe and the image make", () => {
        assert.deepEqual(release, makeRelease(readReleaseScripts("app-scripts"), { ...recipe.release, image }));
    });

    it("takes the image that the settings name, given or not", () => {
        assert.deepEqual(bundle(prebuilt, undefined, "app-scripts"), release);
        assert.deepEqual(bundle(prebuilt, image, "app-scripts"), release);
    });

    it("is refused with another image than the settings name", () => {
        assert.throws(() => bundle(prebuilt, other, "app-scripts"), usage(/^The settings name the image registry\.test\/app@sha256:a+, and --image another\./));
    });

    it("is refused without an image when the stage's is built", () => {
        assert.throws(() => bundle(recipe, undefined, "app-scripts"), usage(/name it with --image repository@sha256:…/));
    });

    it("is refused with scripts that make no release", () => {
        assert.throws(() => bundle(recipe, image, folder), usage(/holds no release: appspec\.yml is missing/));
    });

    it("is refused with a reference that is no image", () => {
        assert.throws(() => bundle(recipe, `UPPER@sha256:${"a".repeat(64)}`, "app-scripts"), usage(/image must be repository@sha256/));
    });

    it("is written as a folder with the files' own modes", async () => {
        const target = join(folder, "release");
        await writeBundle(release, { folder: target });
        const found = release.files.map(({ path }) => ({
            path, mode: statSync(join(target, path)).mode & 0o777, content: new Uint8Array(readFileSync(join(target, path))),
        }));
        assert.deepEqual(found, release.files.map(file => ({ ...file, content: new Uint8Array(file.content) })));
        assert.equal(statSync(join(target, "app.env")).mode & 0o777, 0o600);
    });

    it("is not written to a folder that holds something, which stays as it is", async () => {
        writeFileSync(join(folder, "mine"), "");
        await assert.rejects(writeBundle(release, { folder }), usage(/is there already: a release wants a new or empty folder/));
        assert.deepEqual(readdirSync(folder), ["mine"]);
    });

    it("is written as the zip file that CodeDeploy downloads, in place of an older one, with nothing beside it", async () => {
        const zip = join(folder, "release.zip");
        writeFileSync(zip, "older");
        await writeBundle(release, { zip });
        assert.deepEqual(new Uint8Array(readFileSync(zip)), zipRelease(release));
        assert.deepEqual(readdirSync(folder), ["release.zip"]);
    });

    it("is written below folders that are not there yet", async () => {
        const zip = join(folder, "a/b/release.zip");
        await writeBundle(release, { zip });
        await writeBundle(release, { folder: join(folder, "c/d/release") });
        assert.deepEqual(new Uint8Array(readFileSync(zip)), zipRelease(release));
        assert.ok(existsSync(join(folder, "c/d/release/release.env")));
    });

    it("leaves nothing behind where a folder stands in a zip file's place, and says so", async () => {
        const zip = join(folder, "taken");
        mkdirSync(zip);
        await assert.rejects(writeBundle(release, { zip }), usage(new RegExp(`^The release cannot be written to '${zip}': a folder is there$`)));
        assert.deepEqual(readdirSync(folder), ["taken"]);
    });

    for (const kind of ["zip", "folder"] as const) {
        it(`is refused as a ${kind} below a file, in the system's words`, async () => {
            writeFileSync(join(folder, "file"), "");
            const target = join(folder, "file/release");
            await assert.rejects(writeBundle(release, kind === "zip" ? { zip: target } : { folder: target }),
                usage(new RegExp(`^The release cannot be written to '${target}': not a directory$`)));
            assert.deepEqual(readdirSync(folder), ["file"]);
        });

        it(`is refused as a ${kind} where the system lets nobody make a folder, and does not try for ever`, function () {
            // In a process of its own, because a call that never returns cannot be interrupted.
            const program = `import { bundle, writeBundle } from "./cli/commands/bundle";
                const recipe = JSON.parse(process.argv[1]);
                await writeBundle(bundle(recipe, "${image}", "app-scripts"), { ${kind}: "/proc/gapless/release" }).catch(error => console.log(error.name + ": " + error.message));`;
            if (!existsSync("/proc/self")) this.skip();
            const { stdout } = spawnSync(process.execPath, ["--import", "tsx", "--input-type=module", "-e", program, JSON.stringify(recipe)], { encoding: "utf8", timeout: 15_000 });
            assert.equal(stdout, "BundleError: The release cannot be written to '/proc/gapless/release', for '/proc/gapless' cannot be made: no such file or directory\n");
        });
    }
});
