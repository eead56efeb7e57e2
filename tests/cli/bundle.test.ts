import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundle, writeBundle } from "../../cli/bundle";
import { exitCodeOf } from "../../cli/failure";
import type { Recipe } from "../../cli/recipe";
import { readReleaseScripts, makeRelease, zipRelease } from "../../release/bundle";

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

    it("leaves nothing behind where no zip file can be", async () => {
        const zip = join(folder, "taken");
        mkdirSync(zip);
        await assert.rejects(writeBundle(release, { zip }), usage(/^The release cannot be written to '.*taken': EISDIR/));
        assert.deepEqual(readdirSync(folder), ["taken"]);
        await assert.rejects(writeBundle(release, { zip: join(folder, "none/release.zip") }), usage(/cannot be written to .*ENOENT/));
        assert.ok(!existsSync(join(folder, "none")));
    });
});
